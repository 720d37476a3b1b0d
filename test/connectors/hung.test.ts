// A request for a token that never ends, as in a Worker whose caller left: what comes later must not wait for it.
import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Connection, ConnectionTest } from '../../connectors/connector.ts'
import { systemRandom } from '../../src/core/random.ts'
import { wallClock } from '../../src/core/time.ts'
import { makeConnectors } from '../../src/services.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const private_key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

const connections = {
  aws: {
    credentials: { access_key_id: 'AKIA0123456789ABCDEF', secret_access_key: 'secret-access-key' },
    settings: { role_arn: 'arn:aws:iam::111122223333:role/syndic' },
  },
  azure: {
    credentials: { client_secret: 'client-secret' },
    settings: {
      tenant_id: '11111111-2222-3333-4444-555555555555',
      client_id: '66666666-7777-8888-9999-000000000000',
    },
  },
  gcp: {
    credentials: { private_key },
    settings: { service_account: 'a@b.iam.gserviceaccount.com', project: 'project-1' },
  },
} as const

/** A cloud that takes every request and answers none, until it says that it is busy. */
function cloud() {
  const state = { answers: false, asked: 0 }
  const reply: typeof fetch = async (input) => {
    state.asked += 1
    if (!state.answers) return new Promise<never>(() => undefined)
    const text = String(input).includes('sts.') ? '<ErrorResponse/>' : '{}'
    return new Response(text, { status: 503, headers: { 'content-type': 'application/json' } })
  }
  return { state, reply }
}

const PATIENCE_MS = 10_000

/** Waits by real time, letting the others' time pass as told, until something holds. */
async function until(holds: () => boolean, pass_ms = 0): Promise<void> {
  const started = Date.now()
  while (!holds()) {
    if (Date.now() - started > PATIENCE_MS) throw new Error('It waits for what never comes')
    await new Promise((resolve) => setImmediate(resolve))
    if (pass_ms > 0) await vi.advanceTimersByTimeAsync(pass_ms)
  }
}

test.each(['aws', 'azure', 'gcp'] as const)('%s: the next call asks for a token of its own', async (name) => {
  const { state, reply } = cloud()
  const clocks = { business: wallClock, wall: wallClock }
  const connectors = makeConnectors({ clocks, random: systemRandom, addresses: undefined, fetch: reply })
  const connection: Connection = { id: 'conn_1', account_id: '111122223333', ...connections[name] }
  const results: ConnectionTest[][] = []
  const ask = () => void connectors[name]?.test(connection).then((result) => results.push(result))
  ask()
  await until(() => state.asked > 0)
  // The callers give up at their deadlines; the requests for tokens stay as they are.
  await until(() => results.length === 1, 1000)
  const before = state.asked
  state.answers = true
  ask()
  await until(() => results.length === 2)
  expect(state.asked).toBeGreaterThan(before)
  expect(results.flat().filter(({ ok }) => ok)).toEqual([])
})
