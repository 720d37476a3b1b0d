export { timelineSchema } from './schema.ts'
export { read, record } from './store.ts'
