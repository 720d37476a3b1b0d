// Signing in with a provider: a real one, in a process of its own on loopback, and what it might send if it were not.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FLOW_MS } from '../../src/access/flow.ts'
import {
  ANN,
  alertOf,
  type Browser,
  firstPerson,
  type House,
  linkFor,
  openHouse,
  PASSWORD,
  type Page,
  SITE,
  tokenOf,
} from './browser.ts'
import { type Forgery, type Provider, startProvider } from './provider.ts'

let provider: Provider
let house: House
let ann: Browser
let ann_id: string

const environment = ({ issuer, client_secret }: Provider) => ({
  SYNDIC_OIDC_ISSUER: issuer,
  SYNDIC_OIDC_CLIENT_ID: 'syndic',
  SYNDIC_OIDC_CLIENT_SECRET: client_secret,
  SYNDIC_OIDC_NAME: 'Acme Login',
})

async function openWith(with_provider: Provider): Promise<House> {
  const send: typeof fetch = (input, init) => with_provider.fetch(input, init)
  const opened = await openHouse({ environment: environment(with_provider), fetch: send })
  // The provider has a clock of its own, and it is today's.
  opened.context.wall.set(new Date())
  return opened
}

beforeAll(async () => {
  provider = await startProvider()
  house = await openWith(provider)
  ann = house.browser()
  ann_id = await firstPerson(house, ann)
  expect(await linkAs(ann, 'subject-of-ann')).toMatchObject({ status: 200 })
})
afterAll(async () => {
  await house.close()
  await provider.stop()
})

/** The address that a page or an answer sends the browser to. */
function awayFrom({ headers, text }: Page): string {
  const address =
    headers.get('location') ?? /<a href="([^"]+)">Go on/.exec(text)?.[1]?.replaceAll('&amp;', '&')
  if (address === undefined) throw new Error(`It goes nowhere: ${text}`)
  return address
}

/** Out to the provider, there as `login`, and back to where it sends the browser. */
async function through(browser: Browser, begun: Page, login: string): Promise<Page> {
  return browser.follow(await browser.get(await provider.visit(awayFrom(begun), login)))
}

const signInAs = async (browser: Browser, login: string) =>
  through(browser, await browser.get('/sign-in/oidc'), login)
const linkAs = async (browser: Browser, login: string) =>
  through(browser, await browser.post('/sign-in/oidc/link', {}), login)

const whoIs = async (browser: Browser) => {
  const { status, text } = await browser.get('/v1/me')
  return status === 200 ? (JSON.parse(text).actor.id as string) : status
}

describe('with an identity that somebody here has linked', () => {
  test('one is in, by code, PKCE, state and nonce', async () => {
    const browser = house.browser()
    expect((await browser.get('/sign-in')).text).toContain('Sign in with Acme Login')
    const begun = await browser.get('/sign-in/oidc')
    const asked = new URL(awayFrom(begun)).searchParams
    expect(Object.fromEntries(asked)).toMatchObject({
      client_id: 'syndic',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: `${SITE}/sign-in/oidc/callback`,
      code_challenge_method: 'S256',
    })
    expect((await through(browser, begun, 'subject-of-ann')).status).toBe(200)
    expect(await whoIs(browser)).toBe(ann_id)
    // Nothing of the attempt is left in the browser, and the provider was shown what the challenge was made of.
    expect([...browser.cookies.keys()]).toEqual(['__Host-syndic'])
    const verifier = provider.asked.at(-1)?.get('code_verifier') ?? ''
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
    expect(asked.get('code_challenge')).toBe(Buffer.from(digest).toString('base64url'))
  })

  test('each attempt has secrets of its own, and the cookie shows none of them', async () => {
    const browser = house.browser()
    const seen = new Set<string | null>()
    for (let round = 0; round < 3; round += 1) {
      const asked = new URL(awayFrom(await browser.get('/sign-in/oidc'))).searchParams
      const cookie = browser.cookies.get('__Host-syndic-flow') ?? ''
      for (const name of ['state', 'nonce', 'code_challenge']) {
        seen.add(asked.get(name))
        expect(Buffer.from(decodeURIComponent(cookie), 'base64url').toString('latin1')).not.toContain(
          asked.get(name),
        )
      }
    }
    expect(seen.size).toBe(9)
  })
})

describe('an identity that nobody here has linked', () => {
  test('does not let in, not even with the verified address of somebody here', async () => {
    const browser = house.browser()
    const page = await signInAs(browser, 'ann')
    expect(page.status).toBe(401)
    expect(alertOf(page)).toContain('Nobody here signs in with this account of Acme Login')
    expect(await whoIs(browser)).toBe(401)
  })

  test('is linked by who is signed in, and signs them in from then on', async () => {
    const browser = house.browser()
    expect((await linkAs(ann, 'second-of-ann')).text).toContain('You can sign in with Acme Login.')
    await signInAs(browser, 'second-of-ann')
    expect(await whoIs(browser)).toBe(ann_id)
  })

  test('makes the first person by the first link, and nobody by one that is spent', async () => {
    const fresh = await openWith(provider)
    const browser = fresh.browser()
    const token = tokenOf(await linkFor(fresh.context, null))
    const form = { token, ...ANN, with: 'provider' }
    const begun = await browser.post('/sign-in/link', form)
    expect((await through(browser, begun, 'the-very-first')).text).toContain('Ann Example, ann@example.com')
    expect(JSON.parse((await browser.get('/v1/me')).text).permissions).toContain('operator')
    const late = fresh.browser()
    const [again, at_once] = [await late.post('/sign-in/link', form), await signInAs(late, 'the-very-first')]
    expect([again.status, at_once.status]).toEqual([401, 200])
    await fresh.close()
  })
})

describe('linking', () => {
  test('an identity belongs to one person', async () => {
    const bob = house.browser()
    const link = await linkFor(house.context, await makeBob())
    await bob.post('/sign-in/link', { token: tokenOf(link), password: '' })
    const page = await linkAs(bob, 'subject-of-ann')
    expect(page.status).toBe(409)
    expect(alertOf(page)).toBe('This identity signs somebody else in already.')
  })

  test('needs to be asked for from a page of ours, and the same person signed in at its end', async () => {
    const stranger = house.browser()
    expect((await stranger.post('/sign-in/oidc/link', {})).status).toBe(401)
    expect((await ann.post('/sign-in/oidc/link', {}, { origin: 'https://evil.test' })).status).toBe(403)
    const begun = await ann.post('/sign-in/oidc/link', {})
    const back = await provider.visit(awayFrom(begun), 'third-of-ann')
    await ann.post('/sign-in/out', {})
    expect(alertOf(await ann.get(back))).toContain('not signed in any more as who began this')
    const browser = house.browser()
    await signInAs(browser, 'third-of-ann')
    expect(await whoIs(browser)).toBe(401)
    await ann.post('/sign-in', { email: ANN.email, password: PASSWORD })
    expect(await whoIs(ann)).toBe(ann_id)
  })
})

async function makeBob(): Promise<string> {
  const { makePerson } = await import('../../src/access/index.ts')
  const { context } = house
  const bob = { name: 'Bob', email: 'bob@example.com' }
  return context.store.inInstallation((scope) => makePerson(context, scope, bob))
}

describe('what the provider did not sign for this attempt is refused', () => {
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const hour_ago = () => Math.floor(Date.now() / 1000) - 3600
  const forgeries: [string, Forgery][] = [
    ['another issuer', (claims, { sign }) => sign({ ...claims, iss: 'https://evil.test' })],
    ['another audience', (claims, { sign }) => sign({ ...claims, aud: 'somebody-else' })],
    ['another nonce', (claims, { sign }) => sign({ ...claims, nonce: 'of-another-attempt' })],
    ['no nonce', ({ nonce: _, ...claims }, { sign }) => sign(claims)],
    ['no subject', ({ sub: _, ...claims }, { sign }) => sign(claims)],
    ['a time that is over', (claims, { sign }) => sign({ ...claims, exp: hour_ago() })],
    ['no signature', async (claims) => `${encoded({ alg: 'none' })}.${encoded(claims)}.`],
    [
      'a signature of somebody else',
      async (claims, { sign }) => {
        const [head, , signature] = (await sign(claims)).split('.')
        return `${head}.${encoded({ ...claims, sub: 'subject-of-ann', extra: 1 })}.${signature}`
      },
    ],
    [
      'a signature made with the client secret',
      async (claims, { client_secret }) => {
        const { SignJWT } = await import('jose')
        const secret = new TextEncoder().encode(client_secret)
        return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'test' }).sign(secret)
      },
    ],
  ]
  test.each(forgeries)('%s', async (_, forge) => {
    const browser = house.browser()
    const begun = await browser.get('/sign-in/oidc')
    const back = await provider.visit(awayFrom(begun), 'subject-of-ann')
    provider.forge = forge
    const page = await browser.get(back)
    expect(provider.forge).toBeUndefined()
    expect(page.status).toBe(401)
    expect(alertOf(page)).toBe('The sign-in provider did not confirm who you are. Begin again.')
    expect([...browser.cookies.keys()]).toEqual([])
  })

  test('the same forging hand that changes nothing gets in: the harness itself refuses nobody', async () => {
    const browser = house.browser()
    const back = await provider.visit(awayFrom(await browser.get('/sign-in/oidc')), 'subject-of-ann')
    provider.forge = (claims, { sign }) => sign(claims)
    await browser.get(back)
    expect(await whoIs(browser)).toBe(ann_id)
  })
})

describe('what comes back is good once, in the browser that began, and soon', () => {
  test('another state, no state, and another issuer in the address', async () => {
    for (const change of [
      { state: 'another' },
      { state: null },
      { iss: 'https://evil.test' },
      { iss: null },
    ]) {
      const browser = house.browser()
      const back = new URL(
        await provider.visit(awayFrom(await browser.get('/sign-in/oidc')), 'subject-of-ann'),
      )
      for (const [name, value] of Object.entries(change)) {
        expect(back.searchParams.has(name)).toBe(true)
        if (value === null) back.searchParams.delete(name)
        else back.searchParams.set(name, value)
      }
      expect((await browser.get(back.href)).status).toBe(401)
      expect(await whoIs(browser)).toBe(401)
    }
  })

  test('a code that was used', async () => {
    const browser = house.browser()
    const begun = await browser.get('/sign-in/oidc')
    const flow = browser.cookies.get('__Host-syndic-flow') ?? ''
    const back = await provider.visit(awayFrom(begun), 'subject-of-ann')
    expect((await browser.get(back)).status).toBe(303)
    const thief = house.browser()
    expect((await thief.get(back)).status).toBe(401)
    thief.cookies.set('__Host-syndic-flow', flow)
    const asked = provider.asked.length
    expect(alertOf(await thief.get(back))).toContain('did not confirm who you are')
    expect(provider.asked.length).toBe(asked + 1)
    expect(await whoIs(thief)).toBe(401)
  })

  test("a code put under somebody else's attempt", async () => {
    const [attacker, victim] = [house.browser(), house.browser()]
    const back = await provider.visit(awayFrom(await attacker.get('/sign-in/oidc')), 'subject-of-ann')
    expect((await victim.get(back)).status).toBe(401)
    await victim.get('/sign-in/oidc')
    expect((await victim.get(back)).status).toBe(401)
    expect(await whoIs(victim)).toBe(401)
  })

  test('an attempt that took too long, and a cookie that is not ours', async () => {
    const browser = house.browser()
    const begun = await browser.get('/sign-in/oidc')
    const flow = browser.cookies.get('__Host-syndic-flow') ?? ''
    const back = await provider.visit(awayFrom(begun), 'subject-of-ann')
    const asked = provider.asked.length
    house.context.wall.move(FLOW_MS)
    expect(alertOf(await browser.get(back))).toContain('took too long')
    house.context.wall.move(-FLOW_MS)
    for (const cookie of ['', 'nonsense', flow.slice(0, -4), `${flow}AAAA`]) {
      browser.cookies.set('__Host-syndic-flow', cookie)
      expect((await browser.get(back)).status).toBe(401)
    }
    // None of it was worth a question to the provider.
    expect(provider.asked.length).toBe(asked)
  })

  test('somebody who said no there', async () => {
    const browser = house.browser()
    const state = new URL(awayFrom(await browser.get('/sign-in/oidc'))).searchParams.get('state')
    const back = `/sign-in/oidc/callback?error=access_denied&state=${state}&iss=${provider.issuer}`
    expect((await browser.get(back)).status).toBe(401)
  })
})

test('a provider that does not answer is said so, and another one than the settings name is not believed', async () => {
  const dead = { ...provider, fetch: () => Promise.reject(new TypeError('fetch failed')) }
  const closed = await openWith(dead)
  const page = await closed.browser().get('/sign-in/oidc')
  expect([page.status, alertOf(page)]).toEqual([
    503,
    'The sign-in provider does not answer. Try again in a minute.',
  ])
  await closed.close()
  const posing: Provider['fetch'] = async () =>
    Response.json({ issuer: 'https://evil.test', authorization_endpoint: 'https://evil.test/auth' })
  const posed = await openWith({ ...provider, fetch: posing })
  expect((await posed.browser().get('/sign-in/oidc')).status).toBe(401)
  await posed.close()
})

test('without a provider its addresses lead nowhere', async () => {
  const plain = await openHouse()
  expect((await plain.browser().get('/sign-in/oidc')).status).toBe(404)
  expect((await plain.browser().get('/sign-in/oidc/callback?code=x&state=y')).status).toBe(404)
  expect((await plain.browser().get('/sign-in')).text).not.toContain('Sign in with')
  await plain.close()
})
