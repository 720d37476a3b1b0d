export { draw, type Sale } from './draw.ts'
export { commitmentsRoutes } from './routes.ts'
export { type Standing, standing } from './standing.ts'
