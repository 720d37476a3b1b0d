export { refundHandler } from './ask.ts'
export { requestHandler, withdrawHandler } from './handlers.ts'
export { requestNeeds } from './needs.ts'
