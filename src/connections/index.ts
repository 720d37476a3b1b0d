export { changeCredentials } from './connect.ts'
export { facet, type OpenConnection } from './model.ts'
export { openConnection } from './open.ts'
export { findRow as find, findRows as findAll, tenantOf } from './store.ts'
