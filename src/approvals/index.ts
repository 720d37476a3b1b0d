export { expireHandler, writeOrAsk } from './ask.ts'
export { type ActHandlers, choosableActs } from './model.ts'
export { decidersOf } from './people.ts'
export { approvalSchema } from './schemas.ts'
