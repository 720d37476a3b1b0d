import type { Trace } from '../../world.ts'
export const trace: Trace = new Proxy({}, { get: () => ({ source: 'x', rule: 'y' }) })
