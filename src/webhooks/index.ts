export { processMessage } from './process.ts'
