export { closeStatementHandler } from './close-statement.ts'
export { payable } from './payable.ts'
export { recordShare } from './record-share.ts'
export { payoutsRoutes } from './routes.ts'
