// The first link at a start, and npm run sign-in, on the embedded database as somebody who tries it has it.
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { type RunningServer, startServer } from '../../src/server.ts'

const COMMAND = fileURLToPath(new URL('../../src/sign-in-link.ts', import.meta.url))
const ANN = { name: 'Ann Example', email: 'ann@example.com', password: 'a long enough password' }

let data: string
let environment: Record<string, string>
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'syndic-sign-in-'))
  environment = { SYNDIC_MODE: 'live', PORT: '0', SYNDIC_DATA: data }
})
afterAll(() => rm(data, { recursive: true, force: true }))

const start = () => startServer(readConfig(environment), { log: () => {}, ticking: false })

function command(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [COMMAND, ...words],
      { env: { ...process.env, ...environment } },
      (error, out, err) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out: out.trim(), err: err.trim() }),
    )
  })
}

const tokenOf = (link: string | undefined) => new URL(link ?? 'http://none').searchParams.get('token') ?? ''
const redeem = ({ url }: RunningServer, link: string | undefined, form: object) =>
  fetch(`${url}/sign-in/link`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: url },
    body: new URLSearchParams({ token: tokenOf(link), ...form }),
  })

test('a start without people prints a link, each newer one ends the older, and with people it prints none', async () => {
  expect(await command()).toMatchObject({ code: 1, out: '' })
  let server = await start()
  const first = server.sign_in_url
  expect(first).toMatch(new RegExp(`^${server.url}/sign-in\\?token=[\\w-]{43}$`))
  const held = await command()
  expect([held.code, held.out]).toEqual([1, ''])
  expect(held.err).toContain('stop the service, run this again, and start it')
  await server.stop()

  const made = await command()
  expect([made.code, made.out]).toEqual([
    0,
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:0\/sign-in\?token=/),
  ])
  server = await start()
  const newest = server.sign_in_url
  for (const link of [first, made.out]) expect((await redeem(server, link, ANN)).status).toBe(401)
  expect((await redeem(server, newest, ANN)).status).toBe(303)
  await server.stop()

  const [operator, named, nobody] = [
    await command(),
    await command(' ANN@example.com'),
    await command('eve@example.com'),
  ]
  expect([nobody.code, nobody.err]).toEqual([1, 'Nobody here has the e-mail address eve@example.com.'])
  server = await start()
  expect(server.sign_in_url).toBeUndefined()
  for (const { out } of [operator, named]) {
    const answer = await redeem(server, out, {})
    expect(answer.status).toBe(303)
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const me = await (await fetch(`${server.url}/v1/me`, { headers: { cookie } })).json()
    expect(me).toMatchObject({ actor: { kind: 'person' }, permissions: expect.arrayContaining(['operator']) })
    expect((await redeem(server, out, {})).status).toBe(401)
  }
  await server.stop()
}, 120_000)
