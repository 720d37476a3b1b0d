export { done, type WorkHandlers, type WorkItem, type WorkKind, type WorkOutcome } from './model.ts'
export { dropLeases, findDue, nextDue, outlook, schedule } from './store.ts'
export { type Budget, tick } from './tick.ts'
