export { completeByHand } from './complete.ts'
export { findRefused } from './list.ts'
export {
  type Ending,
  failureSentence,
  type Operation,
  type OperationHandler,
  type OperationHandlers,
  type Quota,
  type Sent,
} from './model.ts'
export { taskNeeds } from './needs.ts'
export { checkOperation, sendOperation } from './send.ts'
export { enqueue, find, findByKey, findByReference, findBySubject, findUnderWay } from './store.ts'
