export { draw } from './draw.ts'
export { commitmentsRoutes } from './routes.ts'
export { standing } from './standing.ts'
export { drawsOfLines } from './store.ts'
