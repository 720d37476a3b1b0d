export type { AuditRecord } from './model.ts'
export { type Act, record } from './store.ts'
