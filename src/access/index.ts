export { type Authentication, authenticate } from './authenticate.ts'
export { checkKey, makeSealer, SealBroken } from './seal.ts'
