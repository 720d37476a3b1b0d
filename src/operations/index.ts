export { completeByHand } from './complete.ts'
export type { Ending, Operation, OperationHandler, OperationHandlers, Sent } from './model.ts'
export { checkOperation, sendOperation } from './send.ts'
export { enqueue, findByReference, findUnderWay } from './store.ts'
