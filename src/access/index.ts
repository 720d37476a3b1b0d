export { authenticate } from './authenticate.ts'
export { keyRoutes } from './key-routes.ts'
export { openRoutes } from './route-permissions.ts'
export { checkKey, makeSealer, SealBroken } from './seal.ts'
