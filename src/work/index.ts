export { done, type WorkHandlers, type WorkItem, type WorkKind, type WorkOutcome } from './model.ts'
export { dropLeases, outlook, schedule } from './store.ts'
export { type Budget, tick } from './tick.ts'
