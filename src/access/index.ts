export { authenticate } from './authenticate.ts'
export { makeSealer } from './seal.ts'
