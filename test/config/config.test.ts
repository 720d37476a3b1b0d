import { expect, test } from 'vitest'
import { BadEnvironment, readConfig } from '../../src/config.ts'

const KEY = 'a'.repeat(24)
const SECRET = '0f'.repeat(32)

/** What an environment is refused with. */
function refusal(variables: Record<string, string>): string {
  try {
    readConfig(variables)
  } catch (error) {
    expect(error).toBeInstanceOf(BadEnvironment)
    return error instanceof Error ? error.message : ''
  }
  throw new Error('It was accepted')
}

test('without any setting it is a sandbox with everything embedded', () => {
  expect(readConfig({})).toEqual({
    mode: 'sandbox',
    port: 8787,
    data: '.syndic',
    database_url: undefined,
    sandbox: undefined,
    secret_key: undefined,
    development_key: undefined,
    public_url: undefined,
    mail: undefined,
    tick_ms: 1000,
    quotas: { caller: 6000, open: 3000, sign_in: 60 },
    address_header: undefined,
    previous_secret_keys: [],
    kms: undefined,
    oidc: undefined,
  })
})

test('every setting is read', () => {
  const sandbox = { control: 'http://127.0.0.1:1', aws: { catalog: 'http://127.0.0.1:2' } }
  expect(
    readConfig({
      SYNDIC_MODE: 'sandbox',
      PORT: '0',
      SYNDIC_DATA: '/data',
      DATABASE_URL: 'postgresql://user@host/name',
      SYNDIC_SANDBOX: JSON.stringify(sandbox),
      SYNDIC_SECRET_KEY: SECRET,
      SYNDIC_KEY: KEY,
      SYNDIC_PUBLIC_URL: 'https://syndic.example',
      SYNDIC_SMTP_URL: 'smtps://user:pass@mail.example.com',
      SYNDIC_MAIL_FROM: 'Syndic <syndic@example.com>',
      SYNDIC_TICK_MS: '50',
      SYNDIC_RATE_PER_MINUTE: '100',
      SYNDIC_OPEN_RATE_PER_MINUTE: '20',
      SYNDIC_SIGN_IN_RATE_PER_MINUTE: '0',
      SYNDIC_ADDRESS_HEADER: 'X-Forwarded-For',
    }),
  ).toEqual({
    mode: 'sandbox',
    port: 0,
    data: '/data',
    database_url: 'postgresql://user@host/name',
    sandbox,
    secret_key: SECRET,
    development_key: KEY,
    public_url: 'https://syndic.example',
    mail: {
      kind: 'smtp',
      url: 'smtps://user:pass@mail.example.com',
      from: 'Syndic <syndic@example.com>',
    },
    tick_ms: 50,
    quotas: { caller: 100, open: 20, sign_in: 0 },
    address_header: 'X-Forwarded-For',
    previous_secret_keys: [],
    kms: undefined,
    oidc: undefined,
  })
})

test.each([
  ['SYNDIC_MODE', 'production', '"sandbox" or "live"'],
  ['PORT', 'http', 'whole number from 0 to 65535'],
  ['PORT', '65536', '65535'],
  ['PORT', '-1', '0'],
  ['PORT', '80.5', 'whole number'],
  ['DATABASE_URL', 'mysql://host/name', 'postgres://'],
  ['SYNDIC_SANDBOX', 'http://127.0.0.1', 'the JSON line the sandbox prints'],
  ['SYNDIC_SANDBOX', '{"aws": {"s3": "not an address"}}', 'the JSON line the sandbox prints'],
  ['SYNDIC_SANDBOX', '{"control": "file:///etc/passwd"}', 'http or https'],
  ['SYNDIC_SANDBOX', '[]', 'the JSON line the sandbox prints'],
  ['SYNDIC_SECRET_KEY', SECRET.slice(1), '64 hexadecimal digits'],
  ['SYNDIC_SECRET_KEY', SECRET.toUpperCase(), '64 hexadecimal digits'],
  ['SYNDIC_KEY', KEY.slice(1), '24 characters'],
  ['SYNDIC_PUBLIC_URL', 'syndic.example', 'http or https'],
  ['SYNDIC_PUBLIC_URL', 'javascript:alert(1)', 'http or https'],
  ['SYNDIC_TICK_MS', 'fast', 'whole number'],
  ['SYNDIC_RATE_PER_MINUTE', '-1', 'a whole number from 0'],
  ['SYNDIC_ADDRESS_HEADER', 'X Forwarded', 'the name of a header'],
  ['SYNDIC_TICK_MS', '49', '50'],
  ['SYNDIC_TICK_MS', '60001', '60000'],
])('%s=%s is refused, and the message says why', (name, value, reason) => {
  const message = refusal({ [name]: value })
  expect(message).toContain(`- ${name}: `)
  expect(message).toContain(reason)
})

test('a refused secret is not repeated in the message', () => {
  expect(refusal({ SYNDIC_SECRET_KEY: 'hunter2hunter2' })).not.toContain('hunter2')
  expect(refusal({ SYNDIC_KEY: 'hunter2' })).not.toContain('hunter2')
})

test('a name of ours that does not exist is refused, with the names that do', () => {
  const message = refusal({ SYNDIC_DATABASE: 'postgres://host/name' })
  expect(message).toContain('SYNDIC_DATABASE: there is no such setting')
  expect(message).toContain('DATABASE_URL')
})

test("other programs' variables are none of our business", () => {
  expect(readConfig({ PATH: '/bin', HOME: '/root', port: 'x', SYNDIC: 'x' }).port).toBe(8787)
})

test('an empty variable is one that is not set', () => {
  expect(readConfig({ PORT: '', SYNDIC_MODE: '', DATABASE_URL: '', SYNDIC_SANDBOX: '' })).toEqual(
    readConfig({}),
  )
})

test('the sandbox has no place in live mode', () => {
  expect(refusal({ SYNDIC_MODE: 'live', SYNDIC_SANDBOX: '{}' })).toContain('SYNDIC_SANDBOX: has no meaning')
  expect(readConfig({ SYNDIC_MODE: 'live' })).toMatchObject({ mode: 'live', sandbox: undefined })
})

test('everything that is wrong is told in one message, one line each', () => {
  const message = refusal({
    SYNDIC_MODE: 'live',
    SYNDIC_SANDBOX: '{}',
    PORT: 'x',
    SYNDIC_KEY: 'short',
    SYNDIC_WRONG: '1',
    SYNDIC_ALSO_WRONG: '1',
  })
  const named = message
    .split('\n')
    .slice(1)
    .map((line) => /^ {2}- (\w+): /.exec(line)?.[1])
  expect(named.toSorted()).toEqual([
    'PORT',
    'SYNDIC_ALSO_WRONG',
    'SYNDIC_KEY',
    'SYNDIC_SANDBOX',
    'SYNDIC_WRONG',
  ])
})

const FROM = 'syndic@example.com'
const API = { SYNDIC_MAIL_API_URL: 'https://mail.example.com/send', SYNDIC_MAIL_API_KEY: 'secret' }

test('letters leave by a mail API where one is set', () => {
  expect(readConfig({ ...API, SYNDIC_MAIL_FROM: FROM }).mail).toEqual({
    kind: 'api',
    url: API.SYNDIC_MAIL_API_URL,
    key: 'secret',
    from: FROM,
  })
})

test.each([
  ['two ways out', { ...API, SYNDIC_SMTP_URL: 'smtp://localhost', SYNDIC_MAIL_FROM: FROM }, 'one way'],
  ['an API without its key', { SYNDIC_MAIL_API_URL: 'https://m.example', SYNDIC_MAIL_FROM: FROM }, 'API_KEY'],
  [
    'an API that others may listen to',
    { ...API, SYNDIC_MAIL_API_URL: 'http://mail.example.com', SYNDIC_MAIL_FROM: FROM },
    'must be an https address',
  ],
  ['nobody they are from', API, 'SYNDIC_MAIL_FROM: is needed'],
  ['links to nowhere', { ...API, SYNDIC_MAIL_FROM: FROM, SYNDIC_MODE: 'live' }, 'SYNDIC_PUBLIC_URL'],
  [
    'a sender that brings headers along',
    { SYNDIC_MAIL_FROM: 'a@b.example\r\nBcc: c@d.example' },
    'MAIL_FROM',
  ],
  ['another protocol', { SYNDIC_SMTP_URL: 'http://localhost', SYNDIC_MAIL_FROM: FROM }, 'smtps://'],
])('mail settings with %s are refused', (_, variables, reason) => {
  expect(refusal(variables)).toContain(reason)
})
