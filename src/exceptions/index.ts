export { exceptionNeeds, statementNeeds } from './needs.ts'
export { exceptionRoutes } from './routes.ts'
export { openException, openSubjects, resolveException } from './store.ts'
