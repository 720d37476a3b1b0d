export { find, findAll, findByCloudId, findMany } from './store.ts'
