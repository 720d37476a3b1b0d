import { exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Connection, Hint } from '../../../connectors/connector.ts'
import { client, connectionOf, connectorWith, type Harness, json, standingClock, tenant } from './support.ts'

const MARKETPLACE = '20e940b3-4c77-4b0b-9a53-9e16a1b010a7'
const now = new Date('2026-09-01T08:00:00Z')
const seconds = Math.floor(now.getTime() / 1000)

type Pair = Awaited<ReturnType<typeof generateKeyPair>>
let own: Pair
let other: Pair
let published: JWK[]

beforeAll(async () => {
  own = await generateKeyPair('RS256', { extractable: true })
  other = await generateKeyPair('RS256', { extractable: true })
  published = [{ ...(await exportJWK(own.publicKey)), kid: 'key-1', use: 'sig', alg: 'RS256' }]
})

const claims = {
  aud: client,
  iss: `https://sts.windows.net/${tenant}/`,
  iat: seconds - 10,
  nbf: seconds - 10,
  exp: seconds + 3600,
  appid: MARKETPLACE,
  tid: tenant,
  ver: '1.0',
}
const v2 = {
  ...claims,
  iss: `https://login.microsoftonline.com/${tenant}/v2.0`,
  appid: undefined,
  azp: MARKETPLACE,
  ver: '2.0',
}
const message = {
  id: 'op-1',
  activityId: 'op-1',
  publisherId: 'contoso',
  offerId: 'ledger-cloud',
  planId: 'gold',
  quantity: 10,
  subscriptionId: 'sub-1',
  timeStamp: '2026-09-01T07:59:58.1234567Z',
  action: 'ChangePlan',
  status: 'InProgress',
  operationRequestSource: 'Azure',
  subscription: { id: 'sub-1', planId: 'silver', beneficiary: { emailId: 'buyer@contoso.example' } },
  purchaseToken: null,
}

type Claims = { [name: string]: unknown }
const signed = (payload: Claims, header: Claims = {}, key = own.privateKey) =>
  new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'key-1', typ: 'JWT', ...header }).sign(key)

function loginOf(change: Claims = {}, keys: () => unknown = () => published) {
  return (request: Request): Response => {
    const { pathname } = new URL(request.url)
    if (pathname.includes('/discovery/')) return json({ keys: keys() })
    const version = pathname.includes('/v2.0/')
    return json({
      issuer: version ? v2.iss : claims.iss,
      jwks_uri: `https://login.microsoftonline.com/${tenant}/discovery/keys`,
      token_endpoint: '',
      ...change,
    })
  }
}

function harness(login: (request: Request) => Response | Promise<Response> = loginOf()): Harness {
  const clock = standingClock(now.toISOString())
  return connectorWith(() => json({}), { business: clock, wall: clock, login })
}

async function verify(
  token: string | undefined,
  body: unknown = message,
  more: { harness?: Harness; connection?: Connection } = {},
) {
  const { connector } = more.harness ?? harness()
  if (connector.webhooks === undefined) throw new Error('There are no webhooks')
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const headers: Record<string, string> = token === undefined ? {} : { authorization: token }
  return connector.webhooks.verify(more.connection ?? connectionOf(), { headers, body: text })
}

describe('a genuine message', () => {
  test.each([
    ['v1', claims],
    ['v2', v2],
  ])('with a token of %s is believed', async (_, payload) => {
    const verified = await verify(`Bearer ${await signed(payload)}`)
    expect(verified).toMatchObject({
      ok: true,
      message: { message_id: 'op-1/ChangePlan/InProgress', type: 'ChangePlan', account_id: null },
    })
    expect(verified.ok && verified.message.occurred_at.toISOString()).toBe('2026-09-01T07:59:58.123Z')
  })

  test('keeps no people in what is remembered', async () => {
    const verified = await verify(`Bearer ${await signed(claims)}`)
    expect(JSON.stringify(verified)).not.toContain('buyer@contoso.example')
  })

  test('is for the application of the technical configuration, where that is another', async () => {
    const app = '77777777-7777-4777-8777-777777777777'
    const settings = { ...connectionOf().settings, webhook_app_id: app }
    const connection = connectionOf({ settings })
    expect(
      await verify(`Bearer ${await signed({ ...claims, aud: app })}`, message, { connection }),
    ).toMatchObject({ ok: true })
    expect(await verify(`Bearer ${await signed(claims)}`, message, { connection })).toMatchObject({
      ok: false,
    })
  })

  test('asks the login for keys once', async () => {
    let asked = 0
    const shared = harness((request) => {
      asked += 1
      return loginOf()(request)
    })
    const token = `Bearer ${await signed(claims)}`
    await verify(token, message, { harness: shared })
    await verify(token, message, { harness: shared })
    expect(asked).toBe(2)
  })

  test('waits for the login: a failure there is a fault, so that the message comes again', async () => {
    const broken = harness(() => new Response('<html>', { status: 502 }))
    await expect(
      verify(`Bearer ${await signed(claims)}`, message, { harness: broken }),
    ).rejects.toMatchObject({
      code: 'unavailable',
    })
  })
})

const far = 'https://evil.example'
type Forgery = [what: string, token: () => string | undefined | Promise<string | undefined>]
const bearer = (token: string) => `Bearer ${token}`
const forged =
  (payload: Claims, header: Claims = {}) =>
  async () =>
    bearer(await signed(payload, header))
const without = (name: string) => Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name))

const forgeries: Forgery[] = [
  ['no token', () => undefined],
  ['an empty header', () => ''],
  ['another scheme', async () => `Basic ${await signed(claims)}`],
  ['a bare token', () => signed(claims)],
  ['two tokens', async () => `Bearer ${await signed(claims)}, Bearer ${await signed(claims)}`],
  ['text that is no token', () => 'Bearer abc'],
  ['three parts that are no token', () => 'Bearer a.b.c'],
  ['an enormous token', () => `Bearer ${'a'.repeat(20_000)}.b.c`],
  ['no signature at all', () => bearer(new UnsecuredJWT(claims).encode())],
  [
    'alg none with a signature left over',
    async () => {
      const [, payload, signature] = (await signed(claims)).split('.')
      return `Bearer ${encoded({ alg: 'none', kid: 'key-1' })}.${payload}.${signature}`
    },
  ],
  ['a key of somebody else', async () => bearer(await signed(claims, {}, other.privateKey))],
  ['a key id the login does not have', async () => bearer(await signed(claims, { kid: 'key-9' }))],
  ['no key id', async () => bearer(await signed(claims, { kid: undefined }))],
  ['a numeric key id', async () => `Bearer ${encoded({ alg: 'RS256', kid: 1 })}.${encoded(claims)}.AAAA`],
  ['HS256 with the public key as secret', () => confused('HS256')],
  ['HS512 with the public key as secret', () => confused('HS512')],
  [
    'PS256 by the right key',
    async () => {
      const key = await crypto.subtle.importKey(
        'jwk',
        { ...(await exportJWK(own.privateKey)), alg: 'PS256' },
        { name: 'RSA-PSS', hash: 'SHA-256' },
        false,
        ['sign'],
      )
      return bearer(await new SignJWT(claims).setProtectedHeader({ alg: 'PS256', kid: 'key-1' }).sign(key))
    },
  ],
  [
    'RS512 by the right key',
    async () => {
      const key = await crypto.subtle.importKey(
        'jwk',
        { ...(await exportJWK(own.privateKey)), alg: 'RS512' },
        { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512' },
        false,
        ['sign'],
      )
      return bearer(await new SignJWT(claims).setProtectedHeader({ alg: 'RS512', kid: 'key-1' }).sign(key))
    },
  ],
  [
    'a key that came along inside',
    async () => {
      const jwk = await exportJWK(other.publicKey)
      const key = { kty: jwk.kty ?? '', n: jwk.n ?? '', e: jwk.e ?? '' }
      return bearer(
        await new SignJWT(claims)
          .setProtectedHeader({ alg: 'RS256', kid: 'key-1', jwk: key })
          .sign(other.privateKey),
      )
    },
  ],
  [
    'an address of keys inside',
    async () =>
      bearer(
        await new SignJWT(claims)
          .setProtectedHeader({ alg: 'RS256', kid: 'key-1', jku: far })
          .sign(other.privateKey),
      ),
  ],
  ['a critical header nobody knows', () => changedHeader({ crit: ['x'], x: 1 })],
  [
    'claims changed after signing',
    async () => {
      const [header, , signature] = (await signed({ ...claims, aud: 'somebody-else' })).split('.')
      return `Bearer ${header}.${encoded(claims)}.${signature}`
    },
  ],
  ['a signature cut short', async () => bearer((await signed(claims)).slice(0, -8))],
  ['another audience', forged({ ...claims, aud: MARKETPLACE })],
  ['ours among several audiences', forged({ ...claims, aud: [client, 'other'] })],
  ['ours as the only one of a list', forged({ ...claims, aud: [client] })],
  ['no audience', forged(without('aud'))],
  ['another tenant', forged({ ...claims, tid: '99999999-9999-4999-8999-999999999999' })],
  ['no tenant', forged(without('tid'))],
  ['a tenant that is a number', forged({ ...claims, tid: 5 })],
  [
    'the issuer of another tenant',
    forged({ ...claims, iss: 'https://sts.windows.net/99999999-9999-4999-8999-999999999999/' }),
  ],
  ['an issuer of somebody else', forged({ ...claims, iss: `${far}/${tenant}/` })],
  ['an issuer without its last stroke', forged({ ...claims, iss: claims.iss.slice(0, -1) })],
  ['an issuer in a list', forged({ ...claims, iss: [claims.iss] })],
  ['no issuer', forged(without('iss'))],
  ['expired', forged({ ...claims, exp: seconds - 120 })],
  ['no expiry', forged(without('exp'))],
  ['an expiry that is text', forged({ ...claims, exp: String(seconds + 3600) })],
  ['not valid yet', forged({ ...claims, nbf: seconds + 600 })],
  ['asked for by another application', forged({ ...claims, appid: client })],
  [
    'asked for by a look-alike of the marketplace',
    forged({ ...claims, appid: '20e940b3-4c07-4bc1-9a53-9e16a1b010a7' }),
  ],
  ['asked for by nobody', forged(without('appid'))],
  ['two applications that differ', forged({ ...claims, azp: client })],
  ['an application in a list', forged({ ...claims, appid: [MARKETPLACE] })],
]

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** A token signed as if the published key were a shared secret. */
async function confused(alg: 'HS256' | 'HS512'): Promise<string> {
  const { n = '' } = await exportJWK(own.publicKey)
  const secret = new TextEncoder().encode(n)
  return bearer(await new SignJWT(claims).setProtectedHeader({ alg, kid: 'key-1' }).sign(secret))
}

async function changedHeader(more: Claims): Promise<string> {
  const [, payload, signature] = (await signed(claims)).split('.')
  return `Bearer ${encoded({ alg: 'RS256', kid: 'key-1', ...more })}.${payload}.${signature}`
}

describe('a forgery is refused with its reason', () => {
  test.each(forgeries)('%s', async (_, token) => {
    const verified = await verify(await token())
    expect(verified.ok).toBe(false)
    expect(!verified.ok && verified.reason).toMatch(/^[A-Z].+/)
  })

  test('there are more than thirty of them', () => {
    expect(forgeries.length).toBeGreaterThanOrEqual(30)
  })

  test('the same table with the genuine token would pass', async () => {
    expect(await verify(bearer(await signed(claims)))).toMatchObject({ ok: true })
  })

  test('a login that names another issuer is not believed', async () => {
    const token = bearer(await signed(claims))
    await expect(
      verify(token, message, { harness: harness(loginOf({ issuer: far })) }),
    ).rejects.toMatchObject({
      code: 'unreadable_reply',
    })
  })

  test('keys on another host are not fetched', async () => {
    const token = bearer(await signed(claims))
    const elsewhere = harness(loginOf({ jwks_uri: `${far}/keys` }))
    await expect(verify(token, message, { harness: elsewhere })).rejects.toMatchObject({ code: 'forbidden' })
    expect(elsewhere.requests).toEqual([])
  })

  test('a key that is not for signatures does not count', async () => {
    const token = bearer(await signed(claims))
    const keys = () => published.map((key) => ({ ...key, use: 'enc' }))
    expect(await verify(token, message, { harness: harness(loginOf({}, keys)) })).toMatchObject({ ok: false })
  })

  test('unknown keys do not make us ask the login again and again', async () => {
    let asked = 0
    const shared = harness((request) => {
      asked += 1
      return loginOf()(request)
    })
    for (let round = 0; round < 5; round += 1) {
      await verify(bearer(await signed(claims, { kid: `unknown-${round}` })), message, { harness: shared })
    }
    expect(asked).toBe(2)
  })

  test('most forgeries never reach the login', async () => {
    let asked = 0
    const shared = harness((request) => {
      asked += 1
      return loginOf()(request)
    })
    await verify(bearer(new UnsecuredJWT(claims).encode()), message, { harness: shared })
    await verify(bearer(await signed({ ...claims, iss: far })), message, { harness: shared })
    expect(asked).toBe(0)
  })
})

describe('a key that the login has rolled', () => {
  test('is found when it is met', async () => {
    const clock = standingClock(now.toISOString())
    let keys: JWK[] = []
    const shared = connectorWith(() => json({}), {
      business: clock,
      wall: clock,
      login: loginOf({}, () => keys),
    })
    const token = bearer(await signed(claims))
    expect(await verify(token, message, { harness: shared })).toMatchObject({ ok: false })
    keys = published
    clock.set('2026-09-01T08:06:00Z')
    expect(await verify(token, message, { harness: shared })).toMatchObject({ ok: true })
  })

  test('is used a while longer when the login cannot be reached', async () => {
    const clock = standingClock(now.toISOString())
    let down = false
    const login = loginOf()
    const shared = connectorWith(() => json({}), {
      business: clock,
      wall: clock,
      login: (request) => (down ? new Response('', { status: 503 }) : login(request)),
    })
    await verify(bearer(await signed(claims)), message, { harness: shared })
    down = true
    clock.set('2026-09-01T15:00:00Z')
    const later = Math.floor(clock.now().getTime() / 1000)
    const token = bearer(await signed({ ...claims, nbf: later - 5, exp: later + 600 }))
    expect(await verify(token, message, { harness: shared })).toMatchObject({ ok: true })
  })
})

describe('what a message hints at', () => {
  const changed: Hint = {
    kind: 'agreement_changed',
    agreement_id: 'sub-1',
    license: null,
    product_id: 'ledger-cloud',
    product_code: null,
  }
  const planWish: Hint = {
    kind: 'change_wished',
    wish: { agreement_id: 'sub-1', wish_id: 'op-1', action: 'plan', plan: 'gold', quantity: null },
  }
  const seatWish: Hint = {
    kind: 'change_wished',
    wish: { agreement_id: 'sub-1', wish_id: 'op-1', action: 'quantity', plan: null, quantity: 20 },
  }
  const { operationRequestSource: _, ...sourceless } = message
  test.each<[what: string, body: unknown, hints: Hint[]]>([
    ['a wish for another plan', message, [planWish, changed]],
    ['a wish for seats', { ...message, action: 'ChangeQuantity', quantity: 20 }, [seatWish, changed]],
    ['seats as text', { ...message, action: 'ChangeQuantity', quantity: '20' }, [seatWish, changed]],
    ['seats that are no number', { ...message, action: 'ChangeQuantity', quantity: 'many' }, [changed]],
    ['a wish that was decided', { ...message, status: 'Succeeded' }, [changed]],
    ['our own change', { ...message, operationRequestSource: 'Partner' }, [changed]],
    [
      'our own change as the emulator spells it',
      { ...sourceless, operationRequestedSource: 'Partner' },
      [changed],
    ],
    ['a plan without a name', { ...message, planId: '' }, [changed]],
    ['Suspend', { ...message, action: 'Suspend', status: 'Succeeded' }, [changed]],
    ['Reinstate', { ...message, action: 'Reinstate' }, [changed]],
    ['Renew', { ...message, action: 'Renew', status: 'Succeeded' }, [changed]],
    ['Unsubscribe', { ...message, action: 'Unsubscribe', status: 'Succeeded' }, [changed]],
    ['Subscribe', { ...message, action: 'Subscribe', status: 'Succeeded' }, [changed]],
    ['an action of tomorrow', { ...message, action: 'Transfer', status: 'Odd', more: { x: [1] } }, [changed]],
    [
      'fields of other types',
      { ...message, timeStamp: 5, quantity: {}, status: null, action: [] },
      [changed],
    ],
    [
      'no subscription',
      { id: 'x', action: 'Test' },
      [{ kind: 'nothing', reason: 'The message "Test" names no subscription' }],
    ],
  ])('%s', async (_, body, hints) => {
    const verified = await verify(bearer(await signed(claims)), body)
    if (!verified.ok) throw new Error(verified.reason)
    expect(verified.message.hints).toEqual(hints)
  })

  test.each([
    ['no JSON', 'hello'],
    ['a list', '[]'],
    ['null', 'null'],
    ['too much', JSON.stringify({ ...message, more: 'x'.repeat(600_000) })],
  ])('a body of %s is refused', async (_, body) => {
    expect(await verify(bearer(await signed(claims)), body)).toMatchObject({ ok: false })
  })

  test('a message for another publisher is refused where the connection names its own', async () => {
    const token = bearer(await signed(claims))
    const settings = { ...connectionOf().settings, publisher_id: 'fabrikam' }
    expect(await verify(token, message, { connection: connectionOf({ settings }) })).toMatchObject({
      ok: false,
    })
    const right = connectionOf({ settings: { ...settings, publisher_id: 'contoso' } })
    expect(await verify(token, message, { connection: right })).toMatchObject({ ok: true })
  })

  test('a message without an id is known by its body', async () => {
    const token = bearer(await signed(claims))
    const body = { subscriptionId: 'sub-1', action: 'Renew' }
    const [first, second] = [await verify(token, body), await verify(token, body)]
    expect(first.ok && first.message.message_id).toMatch(/^body\/[0-9a-f]{32}$/)
    expect(second).toMatchObject({ message: { message_id: first.ok ? first.message.message_id : '' } })
  })
})
