import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Fault } from '../../src/core/fault.ts'
import { smtpMail } from '../../src/mail/smtp.ts'
import { type SmtpServer, startSmtp } from './smtp-server.ts'

const FROM = 'Syndic <syndic@example.com>'
const LETTER = { id: 'work_1', to: 'ada@example.com', subject: 'Grüße', text: 'First line\n.second line\n' }

let server: SmtpServer
beforeAll(async () => {
  server = await startSmtp()
})
afterAll(() => server.close())
beforeEach(() => {
  server.received.length = 0
  server.refuse.clear()
})

const failure = async (sent: Promise<void>): Promise<Fault> => {
  const error = await sent.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Fault)) throw new Error(`It was no fault: ${error}`)
  return error
}

test('a letter goes through one conversation as it was written', async () => {
  await smtpMail({ url: server.url, from: FROM }).send(LETTER)
  expect(server.received).toHaveLength(1)
  const [letter] = server.received
  expect(letter).toMatchObject({ from: 'syndic@example.com', to: 'ada@example.com', login: undefined })
  expect(letter?.data).toContain('From: Syndic <syndic@example.com>')
  expect(letter?.data).toContain('To: ada@example.com')
  expect(letter?.data).toContain('Message-ID: <work_1@example.com>')
  expect(letter?.data).toContain('Auto-Submitted: auto-generated')
  expect(letter?.data).toMatch(/First line\n\.second line/)
})

test('with a name and a password in the address it signs in', async () => {
  const url = server.url.replace('smtp://', 'smtp://ada:p%40ss@')
  await smtpMail({ url, from: FROM }).send(LETTER)
  expect(server.received[0]?.login).toBe('\0ada\0p@ss')
})

test('a subject cannot bring headers or people along', async () => {
  const subject = 'Hello\r\nBcc: eve@example.com'
  await smtpMail({ url: server.url, from: FROM }).send({ ...LETTER, subject })
  expect(server.received).toHaveLength(1)
  expect(server.received[0]?.data).not.toMatch(/^Bcc:/m)
})

test.each([
  ['RCPT', '550 5.1.1 no ada@example.com here', 'invalid'],
  ['RCPT', '451 4.3.0 ada@example.com later', 'unavailable'],
  ['.', '554 ada@example.com is not wanted', 'invalid'],
  ['MAIL', '421 ada@example.com closing', 'unavailable'],
])('a refusal of %s with %s is a fault that names nobody', async (command, reply, code) => {
  server.refuse.set(command, reply)
  const fault = await failure(smtpMail({ url: server.url, from: FROM }).send(LETTER))
  expect(fault.code).toBe(code)
  expect(fault.message).toContain(reply.slice(0, 3))
  expect(JSON.stringify([fault.message, fault.stack, fault.evidence, fault.cause])).not.toContain('ada@')
})

test('a wrong password may be put right: it is tried again', async () => {
  server.refuse.set('AUTH', '535 no')
  const url = server.url.replace('smtp://', 'smtp://ada:wrong@')
  expect((await failure(smtpMail({ url, from: FROM }).send(LETTER))).code).toBe('unauthorised')
})

test('nobody there is a fault to try again', async () => {
  const gone = await startSmtp()
  await gone.close()
  expect((await failure(smtpMail({ url: gone.url, from: FROM }).send(LETTER))).code).toBe('unavailable')
})

test('a server that offers no TLS gets no letter, unless it is on this machine or the address says so', async () => {
  // It leads to this server, and is none of the names that this machine is known by.
  const url = server.url.replace('127.0.0.1', '127.1')
  expect((await failure(smtpMail({ url, from: FROM }).send(LETTER))).code).toBe('unavailable')
  expect(server.received).toEqual([])
  await smtpMail({ url: `${url}/?requireTLS=false`, from: FROM }).send(LETTER)
  expect(server.received).toHaveLength(1)
})
