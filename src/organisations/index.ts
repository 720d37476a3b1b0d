export { findOrganisation, makeHome, twoPersonActs } from './store.ts'
