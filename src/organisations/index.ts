export { findOrganisation, homeOf, makeHome, twoPersonActs } from './store.ts'
