export { importStatement } from './import.ts'
export { pullStatements as pull } from './pull.ts'
export { settlementRoutes } from './routes.ts'
export { matchStatements as match } from './settle.ts'
