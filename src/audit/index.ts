export { type Act, record } from './store.ts'
