import { afterEach, expect, test } from 'vitest'
import { Fault, type FaultCode } from '../../src/core/fault.ts'
import { DAY_MS } from '../../src/core/time.ts'
import type { Letter } from '../../src/mail/index.ts'
import { httpMail, oneLine } from '../../src/mail/index.ts'
import { LETTER, postOffice } from './support.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A way out that fails so many times before it works. */
function flaky(code: FaultCode, times: number) {
  const sent: (Letter & { id: string })[] = []
  let tried = 0
  const send = async (letter: Letter & { id: string }) => {
    tried += 1
    if (tried <= times) throw new Fault(code, 'The mail server answered with ETEST.')
    sent.push(letter)
  }
  return { mail: { send }, sent, tried: () => tried }
}

async function office(mail: Parameters<typeof postOffice>[0]) {
  const made = await postOffice(mail)
  closing.push(made.close)
  return made
}

test('a letter waits sealed, is sent once, and is forgotten', async () => {
  const { mail, sent } = flaky('unavailable', 0)
  const { queue, settle, waiting } = await office(mail)
  expect(await queue()).toBe(true)
  const kept = JSON.stringify(await waiting())
  expect(kept).toContain('mail.send')
  for (const secret of ['ada@example.com', 'canary-token', LETTER.subject]) expect(kept).not.toContain(secret)
  await settle()
  await settle()
  expect(sent).toEqual([{ ...LETTER, id: expect.stringMatching(/^work_/) }])
  expect(await waiting()).toEqual([])
})

test('where no mail is set up nothing is written', async () => {
  const { queue, waiting } = await office(undefined)
  expect(await queue()).toBe(false)
  expect(await waiting()).toEqual([])
})

test('two letters about one thing are two letters', async () => {
  const { mail, sent } = flaky('unavailable', 0)
  const { queue, settle } = await office(mail)
  await queue()
  await queue({ ...LETTER, to: 'grace@example.com' })
  await settle()
  expect(sent.map(({ to }) => to).sort()).toEqual(['ada@example.com', 'grace@example.com'])
})

test('what can pass is tried again, later and under the same id', async () => {
  const { mail, sent, tried } = flaky('unavailable', 2)
  const { queue, settle, clock, logged } = await office(mail)
  await queue()
  await settle()
  await settle()
  expect(tried()).toBe(1)
  for (let round = 0; round < 2; round += 1) {
    clock.move(60_000)
    await settle()
  }
  expect(tried()).toBe(3)
  expect(sent).toHaveLength(1)
  expect(logged.join()).toContain('work.delayed')
  expect(logged.join()).not.toMatch(/ada@example|canary/)
})

test.each<[FaultCode, number]>([
  ['invalid', 1],
  ['unavailable', 2],
])('a letter that stays %s is given up, forgotten, and shown to people', async (code, tries) => {
  const { mail, tried } = flaky(code, 100)
  const { queue, settle, waiting, exceptions, clock } = await office(mail)
  await queue()
  await settle()
  clock.move(3 * DAY_MS)
  await settle()
  expect(tried()).toBe(tries)
  expect(await waiting()).toEqual([])
  const [opened, ...more] = await exceptions()
  expect(more).toEqual([])
  expect(opened).toMatchObject({ subject_id: 'inv_1', state: 'open' })
  expect(opened?.sentence).toContain('ETEST')
  expect(JSON.stringify(opened)).not.toContain('ada@')
})

test('a letter that was moved to another organisation does not open there', async () => {
  const { mail, sent } = flaky('unavailable', 0)
  const { queue, settle, store, organisation_id } = await office(mail)
  await queue()
  await store.inInstallation(async ({ tx, id, now }) => {
    const other = id('organisation')
    await tx.organisation.create({ data: { id: other, kind: 'vendor', name: 'Other', created_at: now() } })
    await tx.work.updateMany({ where: { organisation_id }, data: { organisation_id: other } })
  })
  await settle()
  expect(sent).toEqual([])
})

const api = { url: 'https://mail.example.com/send', key: 'api-key', from: 'syndic@example.com' }

test('a mail API gets one POST with the letter', async () => {
  const asked: Request[] = []
  const mail = httpMail(api, async (input, init) => {
    asked.push(new Request(input, init))
    return new Response('{}', { status: 202 })
  })
  await mail.send({ ...LETTER, id: 'work_1' })
  expect(asked).toHaveLength(1)
  const [request] = asked
  expect(request?.method).toBe('POST')
  expect(request?.url).toBe(api.url)
  expect(request?.headers.get('authorization')).toBe('Bearer api-key')
  expect(request?.headers.get('idempotency-key')).toBe('work_1')
  expect(await request?.json()).toEqual({ from: api.from, ...LETTER })
})

test.each<[number, FaultCode]>([
  [302, 'invalid'],
  [400, 'invalid'],
  [401, 'unauthorised'],
  [429, 'throttled'],
  [500, 'unavailable'],
])('a mail API that answers %i is %s, and its words are not repeated', async (status, code) => {
  const headers = { location: 'https://elsewhere.example' }
  const mail = httpMail(api, async () => new Response('ada@example.com', { status, headers }))
  await expect(mail.send({ ...LETTER, id: 'work_1' })).rejects.toMatchObject({
    code,
    message: `The mail service answered ${status}.`,
  })
})

test("somebody else's words stay one line", () => {
  expect(oneLine(' Contoso\r\nYour password has expired:\u2028 visit\u0000us ')).toBe(
    'Contoso Your password has expired: visit us',
  )
  expect(oneLine('x'.repeat(200))).toHaveLength(120)
})
