export { facet, type OpenConnection } from './model.ts'
export { openConnection } from './open.ts'
export { findRow as find, tenantOf } from './store.ts'
