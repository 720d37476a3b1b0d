export { moveOn } from './course.ts'
export { sandboxRoutes } from './routes.ts'
