export { common } from './common.ts'
export { shell } from './shell.ts'
export { states } from './states.ts'
