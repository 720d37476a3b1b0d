export type { OpenConnection } from './model.ts'
export { openConnection } from './open.ts'
