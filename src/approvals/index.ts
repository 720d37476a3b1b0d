export { expireHandler, writeOrAsk } from './ask.ts'
export { type ActHandlers, type ActName, choosableActs, type Done } from './model.ts'
export { decidersOf } from './people.ts'
export { approvalSchema } from './schemas.ts'
