import { Hono } from 'hono'
import { awsThrottles, createAws } from './aws/cloud.ts'
import { azureThrottles, createAzure } from './azure/cloud.ts'
import { createClock } from './clock.ts'
import { createControl, noRoute } from './control.ts'
import { createFaults } from './faults.ts'
import { createGcp, rootPaths } from './gcp/cloud.ts'
import { openStore } from './journal.ts'
import { createRandom } from './random.ts'
import { createRecorder } from './record.ts'
import { newRsaKeys, type RsaKeys } from './rsa.ts'
import { createSchedule, type TaskHandler } from './schedule.ts'
import { createThrottles } from './throttle.ts'

export type SandboxOptions = {
  /** Directory for state, keys and clock; without it everything is in memory. */
  data?: string | undefined
  seed?: string | undefined
  /** The first instant of a fresh sandbox, whose clock then stands still. */
  start?: string | undefined
  /** File that every exchange is appended to, one JSON line each. */
  record?: string | undefined
  /** Where the sandbox can be reached; the links inside its messages start with it. */
  origin?: string | undefined
  /** How event deliveries and a buyer's browser reach others. */
  fetch?: ((request: Request) => Promise<Response>) | undefined
  /** Wall time in milliseconds, which a running clock and the throttles follow. */
  wall?: (() => number) | undefined
  /** Where new RSA keys come from; making them is slow, and many short-lived sandboxes may share some. */
  rsa?: (() => RsaKeys) | undefined
}

export type Sandbox = {
  fetch(request: Request): Promise<Response>
  /** Does what became due while the clock ran. */
  tick(): Promise<void>
  close(): void
}

export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const wall = options.wall ?? Date.now
  const start = options.start === undefined ? undefined : Date.parse(options.start)
  if (Number.isNaN(start)) throw new Error(`The start of the sandbox must be an instant: ${options.start}`)
  const store = openStore(options.data)
  let handlers: Record<string, TaskHandler> = {}
  const clock = createClock(store.collection('clock'), start, wall)
  const random = createRandom(store.collection('random'), options.seed ?? 'sandbox')
  const schedule = createSchedule(store, clock, () => handlers)
  const faults = createFaults(store, random)
  const throttles = createThrottles(store, [...awsThrottles, ...azureThrottles], wall)
  const origin = () => options.origin ?? 'http://sandbox.localhost'
  const rsa = options.rsa ?? newRsaKeys
  const ground = { store, clock, random, schedule, origin, wall, rsa, fetch: options.fetch ?? fetch }
  const record = createRecorder(options.record)
  const aws = createAws(ground, faults, throttles, record)
  const azure = createAzure(ground, faults, throttles, record)
  const gcp = createGcp(ground, faults, throttles, record)
  handlers = { ...aws.handlers, ...azure.handlers, ...gcp.handlers }
  store.commit()

  const app = new Hono()
  app.route('/control', createControl({ ...ground, faults, throttles, aws, azure, gcp }))
  app.all('/aws/*', (c) => aws.door(c.req.raw))
  app.all('/azure/*', (c) => azure.door(c.req.raw))
  app.all('/gcp/*', (c) => gcp.door(c.req.raw))
  for (const path of rootPaths) app.all(path, (c) => gcp.door(c.req.raw))
  app.notFound((c) => noRoute(c.req.method, c.req.path))
  // A dropped connection must reach whoever called, so it is not turned into an answer.
  app.onError((error) => {
    throw error
  })

  async function tick(): Promise<void> {
    const due = schedule.nextDue()
    if (clock.mode() === 'running' && due !== undefined && due <= clock.now()) {
      await schedule.runUntil(() => clock.target(), false)
    }
  }

  return {
    async fetch(request) {
      await tick()
      return app.fetch(request)
    },
    tick,
    close: () => store.close(),
  }
}
