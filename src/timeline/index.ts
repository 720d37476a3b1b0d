export { timelineSchema } from './schema.ts'
export { latest, read, record, recordOnce } from './store.ts'
