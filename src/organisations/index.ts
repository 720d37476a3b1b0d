export { findOrganisation, homeOf, makeHome } from './store.ts'
