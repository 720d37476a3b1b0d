export { timelineSchema } from './schema.ts'
export { read, record, type TimelineRow } from './store.ts'
