export type { ExceptionDraft, ExceptionItem, ExceptionKind } from './model.ts'
export { exceptionRoutes } from './routes.ts'
export { openException, openSubjects, resolveException } from './store.ts'
