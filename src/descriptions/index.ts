export { describe, findParties, partyKey } from './describe.ts'
export { describedSchema, partySchema, shownDescribed } from './schemas.ts'
export { accountsNamed, insertDescriptions } from './store.ts'
