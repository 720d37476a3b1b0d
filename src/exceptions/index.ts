export type { ExceptionDraft, ExceptionItem, ExceptionKind } from './model.ts'
export { exceptionRoutes } from './routes.ts'
export { openException, resolveException } from './store.ts'
