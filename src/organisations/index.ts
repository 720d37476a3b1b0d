export { findOrganisation, makeHome } from './store.ts'
