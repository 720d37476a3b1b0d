import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { STARTS_AT } from '../../src/demo/scenario.ts'
import { type RunningServer, startServer } from '../../src/server.ts'
import { type Running, theBuyersSignUp, theCloudsMessage } from '../support/wake.ts'

/** The longest rest there is: a test that waited for it would fail. */
const REST_MS = 60_000

let data: string
let server: RunningServer
let running: Running
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'syndic-test-'))
  const config = readConfig({ PORT: '0', SYNDIC_DATA: data, SYNDIC_TICK_MS: String(REST_MS) })
  server = await startServer(config, { log: () => {}, ticking: true, sandbox_start: STARTS_AT })
  if (server.control === undefined) throw new Error('There is no sandbox')
  running = { ...server, control: server.control }
})
afterAll(async () => {
  const started = Date.now()
  await server.stop()
  expect(Date.now() - started).toBeLessThan(REST_MS / 2)
  await rm(data, { recursive: true, force: true })
})

test("the work of a cloud's message is begun at once", () => theCloudsMessage(running))
test("the work of a buyer's sign-up is begun at once", () => theBuyersSignUp(running))
