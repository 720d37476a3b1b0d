export { authenticate } from './authenticate.ts'
export { holdSealer, type KeyProvider, makeKeptKey, openKeys } from './key-provider.ts'
export { keyRoutes } from './key-routes.ts'
export { meRoutes } from './me-routes.ts'
export { invitationPath } from './model.ts'
export {
  emailDigest,
  findPersonByEmail,
  makePerson,
  type Profile,
  profileColumns,
  profileOf,
} from './people.ts'
export { peopleRoutes } from './people-routes.ts'
export { allowedBy, type Permission, type Role, roleNames } from './permissions.ts'
export { reseal } from './reseal.ts'
export { openRoutes } from './route-permissions.ts'
export { checkKey, makeSealer, SealBroken } from './seal.ts'
export { hashOf, makeSecret } from './secret.ts'
export { closeSessionsOf } from './sessions.ts'
export { signInRoutes } from './sign-in-routes.ts'
export { isFresh, makeSignInLink } from './sign-in-tokens.ts'
