export { type Limiter, makeLimiter, takeRequest } from './limits.ts'
export { type Caller, type DoorEnv, makeRouter } from './router.ts'
export * from './schemas.ts'
export { type Answer, deed, write, writeAndWake } from './write.ts'
