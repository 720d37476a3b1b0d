import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { hintsOf } from '../../../connectors/gcp/webhooks.ts'
import { selfSigned } from '../../../sandbox/certificate.ts'
import {
  connectionOf,
  connectorWith,
  json,
  provider,
  pushAccount,
  pushAudience,
  signUpAudience,
  standingClock,
} from './support.ts'

/** Tokens that are Google's, and every way we know to pretend that one is. */

const wall = standingClock('2026-11-10T12:00:00Z')
const NOW = wall.now().getTime() / 1000
const google = generateKeyPairSync('rsa', { modulusLength: 2048 })
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const publicPem = google.publicKey.export({ type: 'spki', format: 'pem' }).toString()
const SIGN_UP =
  'https://www.googleapis.com/robot/v1/metadata/x509/cloud-commerce-partner@system.gserviceaccount.com'
const certificate = selfSigned('sign-up')

const base64url = (value: string | Buffer) => Buffer.from(value).toString('base64url')

type Making = { header?: object; key?: KeyObject | string; sign?: (head: string) => string }

function tokenOf(claims: object, { header = {}, key = google.privateKey, sign }: Making = {}): string {
  const head = `${base64url(JSON.stringify({ alg: 'RS256', kid: 'k1', typ: 'JWT', ...header }))}.${base64url(JSON.stringify(claims))}`
  const signature = sign ? sign(head) : createSign('RSA-SHA256').update(head).sign(key, 'base64url')
  return `${head}.${signature}`
}

const pushClaims = {
  iss: 'https://accounts.google.com',
  aud: pushAudience,
  azp: '1',
  sub: '117',
  email: pushAccount,
  email_verified: true,
  iat: NOW - 10,
  exp: NOW + 3590,
}
const event = {
  eventId: 'CREATE_ENTITLEMENT-1',
  eventType: 'ENTITLEMENT_OFFER_ACCEPTED',
  providerId: provider,
  entitlement: {
    id: 'e-1',
    updateTime: '2026-11-10T11:59:00.754732Z',
    newOffer: 'projects/1/services/s/privateOffers/o',
  },
}
const bodyOf = (content: unknown) =>
  JSON.stringify({
    message: {
      data: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)).toString('base64'),
      messageId: 'm-1',
      publishTime: '2026-11-10T11:59:01.1Z',
      attributes: {},
    },
    subscription: 'projects/p/subscriptions/s',
  })

function harness() {
  return connectorWith(
    ({ url }) => {
      const { pathname, host } = new URL(url)
      if (host !== 'www.googleapis.com') throw new Error(`Asked ${url}`)
      if (pathname.startsWith('/robot/')) return json({ k1: certificate.certificate })
      const jwk = google.publicKey.export({ format: 'jwk' })
      return json({ keys: [{ ...jwk, kid: 'k1', alg: 'RS256', use: 'sig' }] })
    },
    { wall },
  )
}

async function verify(authorization: string | undefined, body = bodyOf(event), connection = connectionOf()) {
  const { connector } = harness()
  if (!connector.webhooks) throw new Error('There are no webhooks')
  return connector.webhooks.verify(connection, {
    headers: authorization === undefined ? {} : { authorization },
    body,
  })
}

describe('a push of Google', () => {
  test('is taken and hints at the entitlement', async () => {
    const verified = await verify(`Bearer ${tokenOf(pushClaims)}`)
    expect(verified).toMatchObject({
      ok: true,
      message: {
        message_id: 'm-1',
        type: 'ENTITLEMENT_OFFER_ACCEPTED',
        account_id: provider,
        hints: [{ kind: 'agreement_changed', agreement_id: 'e-1' }],
      },
    })
  })

  test('may write the header and the issuer in the other way', async () => {
    const { connector } = harness()
    const token = tokenOf({ ...pushClaims, iss: 'accounts.google.com' })
    const request = { headers: { Authorization: `bearer ${token}` }, body: bodyOf(event) }
    expect(await connector.webhooks?.verify(connectionOf(), request)).toMatchObject({ ok: true })
  })

  test('asks for the keys once, and again for a key that is new', async () => {
    const { connector, asked } = harness()
    const request = { headers: { authorization: `Bearer ${tokenOf(pushClaims)}` }, body: bodyOf(event) }
    await connector.webhooks?.verify(connectionOf(), request)
    await connector.webhooks?.verify(connectionOf(), request)
    expect(asked()).toEqual(['GET /oauth2/v3/certs'])
  })

  test.each([
    ['an account event', { ...event, entitlement: undefined, account: { id: 'a-1' } }],
    ['an unknown event without a subject', { ...event, eventType: 'SOMETHING_NEW', entitlement: undefined }],
    ['a test message', 'hello'],
    ['another JSON', { hello: 'world' }],
  ])('%s hints at nothing', async (_, content) => {
    const verified = await verify(`Bearer ${tokenOf(pushClaims)}`, bodyOf(content))
    expect(verified).toMatchObject({ ok: true, message: { hints: [{ kind: 'nothing' }] } })
  })

  test('every event of an entitlement hints at it, in whatever order they come', () => {
    for (const eventType of [
      'ENTITLEMENT_CANCELLED',
      'ENTITLEMENT_ACTIVE',
      'ENTITLEMENT_DELETED',
      'ENTITLEMENT_NEW',
    ]) {
      expect(hintsOf({ ...event, eventType })).toMatchObject([
        { kind: 'agreement_changed', agreement_id: 'e-1' },
      ])
    }
  })
})

const without = (claims: object, name: string) =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name))
const good = tokenOf(pushClaims)
const [goodHead = '', goodBody = '', goodSign = ''] = good.split('.')
const hmac = (key: string) => (head: string) => createHmac('sha256', key).update(head).digest('base64url')
const strangerJwk = stranger.publicKey.export({ format: 'jwk' })

const forged: [string, string | undefined][] = [
  ['no header', undefined],
  ['an empty header', ''],
  ['another scheme', `Basic ${good}`],
  ['no token', 'Bearer '],
  ['two tokens', `Bearer ${good} ${good}`],
  ['half a token', `Bearer ${goodHead}.${goodBody}`],
  ['an empty signature', `Bearer ${goodHead}.${goodBody}.`],
  [
    'the signature of another',
    `Bearer ${tokenOf({ ...pushClaims, sub: '118' })
      .split('.')
      .slice(0, 2)
      .join('.')}.${goodSign}`,
  ],
  [
    'a changed signature',
    `Bearer ${goodHead}.${goodBody}.${goodSign.startsWith('A') ? 'B' : 'A'}${goodSign.slice(1)}`,
  ],
  [
    'a changed body',
    `Bearer ${goodHead}.${base64url(JSON.stringify({ ...pushClaims, email: 'evil@evil' }))}.${goodSign}`,
  ],
  ['a header that is no JSON', `Bearer ${base64url('hello')}.${goodBody}.${goodSign}`],
  ['alg none', `Bearer ${tokenOf(pushClaims, { header: { alg: 'none' }, sign: () => 'AA' })}`],
  ['alg None', `Bearer ${tokenOf(pushClaims, { header: { alg: 'None' } })}`],
  [
    'alg HS256 with the public key as secret',
    `Bearer ${tokenOf(pushClaims, { header: { alg: 'HS256' }, sign: hmac(publicPem) })}`,
  ],
  ['alg RS256 signed as HS256', `Bearer ${tokenOf(pushClaims, { sign: hmac(publicPem) })}`],
  ['alg PS256', `Bearer ${tokenOf(pushClaims, { header: { alg: 'PS256' } })}`],
  [
    'alg RS512',
    `Bearer ${tokenOf(pushClaims, { header: { alg: 'RS512' }, sign: (head) => createSign('RSA-SHA512').update(head).sign(google.privateKey, 'base64url') })}`,
  ],
  ['alg ES256', `Bearer ${tokenOf(pushClaims, { header: { alg: 'ES256' }, key: curve.privateKey })}`],
  ['a key of its own', `Bearer ${tokenOf(pushClaims, { key: stranger.privateKey })}`],
  [
    'a key of its own in the header',
    `Bearer ${tokenOf(pushClaims, { header: { jwk: strangerJwk }, key: stranger.privateKey })}`,
  ],
  [
    'a key address in the header',
    `Bearer ${tokenOf(pushClaims, { header: { jku: 'https://evil.example/keys' }, key: stranger.privateKey })}`,
  ],
  [
    'a certificate address in the header',
    `Bearer ${tokenOf(pushClaims, { header: { x5u: 'https://evil.example/c' }, key: stranger.privateKey })}`,
  ],
  ['an unknown key id', `Bearer ${tokenOf(pushClaims, { header: { kid: 'k2' } })}`],
  ['no key id', `Bearer ${tokenOf(pushClaims, { header: { kid: undefined } })}`],
  ['a key id that is a path', `Bearer ${tokenOf(pushClaims, { header: { kid: '../../k1' } })}`],
  ['a key id of the prototype', `Bearer ${tokenOf(pushClaims, { header: { kid: '__proto__' } })}`],
  ['an extension', `Bearer ${tokenOf(pushClaims, { header: { crit: ['b64'], b64: false } })}`],
  ['another issuer', `Bearer ${tokenOf({ ...pushClaims, iss: 'https://accounts.google.com.evil.example' })}`],
  ['the issuer of sign-up tokens', `Bearer ${tokenOf({ ...pushClaims, iss: SIGN_UP })}`],
  ['no issuer', `Bearer ${tokenOf(without(pushClaims, 'iss'))}`],
  ['another audience', `Bearer ${tokenOf({ ...pushClaims, aud: 'https://other.example' })}`],
  ['an audience that begins like ours', `Bearer ${tokenOf({ ...pushClaims, aud: `${pushAudience}/x` })}`],
  ['several audiences', `Bearer ${tokenOf({ ...pushClaims, aud: [pushAudience, 'https://other.example'] })}`],
  ['no audience', `Bearer ${tokenOf(without(pushClaims, 'aud'))}`],
  ['a token that expired', `Bearer ${tokenOf({ ...pushClaims, iat: NOW - 3700, exp: NOW - 100 })}`],
  ['a token of the future', `Bearer ${tokenOf({ ...pushClaims, iat: NOW + 100, exp: NOW + 3000 })}`],
  ['a token that is not valid yet', `Bearer ${tokenOf({ ...pushClaims, nbf: NOW + 100 })}`],
  ['a token for a year', `Bearer ${tokenOf({ ...pushClaims, exp: NOW + 31_536_000 })}`],
  ['no expiry', `Bearer ${tokenOf(without(pushClaims, 'exp'))}`],
  ['no time of issue', `Bearer ${tokenOf(without(pushClaims, 'iat'))}`],
  ['an expiry that is text', `Bearer ${tokenOf({ ...pushClaims, exp: 'never' })}`],
  ['no subject', `Bearer ${tokenOf(without(pushClaims, 'sub'))}`],
  [
    'another service account',
    `Bearer ${tokenOf({ ...pushClaims, email: 'push@evil.iam.gserviceaccount.com' })}`,
  ],
  ['no e-mail', `Bearer ${tokenOf(without(pushClaims, 'email'))}`],
  ['an e-mail that is not verified', `Bearer ${tokenOf({ ...pushClaims, email_verified: false })}`],
  ['an e-mail verified in words', `Bearer ${tokenOf({ ...pushClaims, email_verified: 'true' })}`],
  ['a very long token', `Bearer ${tokenOf({ ...pushClaims, filler: 'x'.repeat(20_000) })}`],
]

describe('a forged push is refused:', () => {
  test.each(forged)('%s', async (_, authorization) => {
    const verified = await verify(authorization)
    expect(verified.ok).toBe(false)
  })

  test('there are enough of them', () => {
    expect(forged.length).toBeGreaterThanOrEqual(30)
  })

  test.each([
    ['a body that is no JSON', 'hello'],
    ['a body without a message', '{}'],
    [
      'data that is no base64',
      JSON.stringify({
        message: { data: '***', messageId: 'm', publishTime: '2026-11-10T11:59:01Z' },
        subscription: 's',
      }),
    ],
    ['another provider', bodyOf({ ...event, providerId: 'somebody-else' })],
    ['a very long body', `"${'x'.repeat(600_000)}"`],
  ])('%s', async (_, body) => {
    expect((await verify(`Bearer ${good}`, body)).ok).toBe(false)
  })

  test.each(['push_service_account', 'push_audience'])('a connection without %s takes none', async (name) => {
    const { settings } = connectionOf()
    const connection = connectionOf({ settings: { ...settings, [name]: '' } })
    expect((await verify(`Bearer ${good}`, bodyOf(event), connection)).ok).toBe(false)
  })

  test('keys that cannot be had are a fault, not a refusal', async () => {
    const { connector } = connectorWith(() => json({ error: 'no' }, 503), { wall })
    const request = { headers: { authorization: `Bearer ${good}` }, body: bodyOf(event) }
    await expect(connector.webhooks?.verify(connectionOf(), request)).rejects.toMatchObject({
      code: 'unavailable',
    })
  })
})

describe('a sign-up token', () => {
  const claims = {
    iss: SIGN_UP,
    aud: signUpAudience,
    sub: 'account-1',
    iat: NOW - 10,
    exp: NOW + 290,
    google: { user_identity: 'u', roles: ['account_admin'], orders: ['order-1'] },
  }
  const key = certificate.private_key
  const resolve = async (token: string) => harness().connector.agreements?.resolve(connectionOf(), token)

  test.each([
    ['one order under google', claims, 'order-1'],
    ['one order as an object', { ...claims, google: { orders: [{ orderId: 'order-2' }] } }, 'order-2'],
    ['one order at the top', { ...claims, google: undefined, orders: ['orders/order-3'] }, 'order-3'],
    ['several orders', { ...claims, google: { orders: ['a', 'b'] } }, null],
    ['no orders', { ...claims, google: { user_identity: 'u' } }, null],
    ['orders in a shape we do not know', { ...claims, google: { orders: { first: 'a' } } }, null],
  ])('with %s names the account', async (_, told, agreement_id) => {
    expect(await resolve(tokenOf(told, { key }))).toMatchObject({
      buyer_account_id: 'account-1',
      agreement_id,
    })
  })

  const refusedTokens: [string, string][] = [
    ['nothing', ''],
    ['no token', 'hello'],
    ['another issuer', tokenOf({ ...claims, iss: 'https://evil.example/keys' }, { key })],
    [
      'an issuer of another account of Google',
      tokenOf({ ...claims, iss: SIGN_UP.replace('cloud-commerce-partner', 'evil') }, { key }),
    ],
    ['the issuer of pushes', tokenOf({ ...claims, iss: 'https://accounts.google.com' }, { key })],
    ['another audience', tokenOf({ ...claims, aud: 'other.example.com' }, { key })],
    ['a key of its own', tokenOf(claims, { key: stranger.privateKey })],
    ['the key of pushes', tokenOf(claims, { key: google.privateKey })],
    ['alg none', tokenOf(claims, { header: { alg: 'none' }, sign: () => '' })],
    [
      'alg HS256 with the certificate as secret',
      tokenOf(claims, { header: { alg: 'HS256' }, sign: hmac(certificate.certificate) }),
    ],
    ['an expired token', tokenOf({ ...claims, iat: NOW - 400, exp: NOW - 100 }, { key })],
    ['a token for an hour', tokenOf({ ...claims, exp: NOW + 3600 }, { key })],
    ['an empty subject', tokenOf({ ...claims, sub: '' }, { key })],
    ['a subject that is a path', tokenOf({ ...claims, sub: '../accounts/x' }, { key })],
    ['no subject', tokenOf(without(claims, 'sub'), { key })],
    ['an unknown key id', tokenOf(claims, { key, header: { kid: 'k9' } })],
  ]
  test.each(refusedTokens)('is refused: %s', async (_, token) => {
    await expect(resolve(token)).rejects.toMatchObject({ code: 'invalid' })
  })

  test('never leads us to an address of its own', async () => {
    const { connector, asked } = harness()
    const token = tokenOf({ ...claims, iss: 'https://evil.example/keys' }, { key })
    await expect(connector.agreements?.resolve(connectionOf(), token)).rejects.toMatchObject({
      code: 'invalid',
    })
    expect(
      asked().every((line) => line.startsWith('GET /robot/v1/metadata/x509/cloud-commerce-partner')),
    ).toBe(true)
  })
})
