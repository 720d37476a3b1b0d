export { createOrganisation, firstOrganisation, readOrganisations } from './store.ts'
