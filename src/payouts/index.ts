export { type Payable, payable } from './payable.ts'
export { type DisbursedLine, recordShare } from './record-share.ts'
export { payoutsRoutes } from './routes.ts'
