export { timelineSchema } from './schema.ts'
export { latest, read, record } from './store.ts'
