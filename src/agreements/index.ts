export { pullAgreements, type ReadRequest, readAgreement } from './pull-agreements.ts'
export { find, findAll, findByCloudId, findMany } from './store.ts'
