// Signing in with a provider: a real one, in a process of its own on loopback.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makePerson } from '../../src/access/index.ts'
import {
  ANN,
  alertOf,
  type Browser,
  type House,
  linkFor,
  openHouse,
  PASSWORD,
  SITE,
  tokenOf,
} from './browser.ts'
import { type Provider, startProvider } from './provider.ts'
import { awayFrom, linkedHouse, openWith, type Ways, waysOf, whoIs } from './provider-house.ts'

let provider: Provider
let ways: Ways
let house: House
let ann: Browser
let ann_id: string

beforeAll(async () => {
  provider = await startProvider()
  ways = waysOf(provider)
  ;({ house, ann, ann_id } = await linkedHouse(provider))
})
afterAll(async () => {
  await house.close()
  await provider.stop()
})

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
    expect((await ways.through(browser, begun, 'subject-of-ann')).status).toBe(200)
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
    const page = await ways.signInAs(browser, 'ann')
    expect(page.status).toBe(401)
    expect(alertOf(page)).toContain('Nobody here signs in with this account of Acme Login')
    expect(await whoIs(browser)).toBe(401)
  })

  test('is linked by who is signed in, and signs them in from then on', async () => {
    const browser = house.browser()
    expect((await ways.linkAs(ann, 'second-of-ann')).text).toContain('You can sign in with Acme Login.')
    await ways.signInAs(browser, 'second-of-ann')
    expect(await whoIs(browser)).toBe(ann_id)
  })

  test('makes the first person by the first link, and nobody by one that is spent', async () => {
    const fresh = await openWith(provider)
    const browser = fresh.browser()
    const token = tokenOf(await linkFor(fresh.context, null))
    const form = { token, ...ANN, with: 'provider' }
    const begun = await browser.post('/sign-in/link', form)
    expect((await ways.through(browser, begun, 'the-very-first')).text).toContain(
      'Ann Example, ann@example.com',
    )
    expect(JSON.parse((await browser.get('/v1/me')).text).permissions).toContain('operator')
    const late = fresh.browser()
    const [again, at_once] = [
      await late.post('/sign-in/link', form),
      await ways.signInAs(late, 'the-very-first'),
    ]
    expect([again.status, at_once.status]).toEqual([401, 200])
    await fresh.close()
  })
})

describe('linking', () => {
  test('an identity belongs to one person', async () => {
    const bob = house.browser()
    const link = await linkFor(house.context, await makePersonNamed('Bob'))
    await bob.post('/sign-in/link', { token: tokenOf(link), password: '' })
    const page = await ways.linkAs(bob, 'subject-of-ann')
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
    await ways.signInAs(browser, 'third-of-ann')
    expect(await whoIs(browser)).toBe(401)
    // Nor is it linked to somebody else who signed in meanwhile.
    const again = await ann.post('/sign-in', { email: ANN.email, password: PASSWORD })
    expect(again.status).toBe(303)
    const begun_again = await ann.post('/sign-in/oidc/link', {})
    const back_again = await provider.visit(awayFrom(begun_again), 'third-of-ann')
    await ann.post('/sign-in/out', {})
    const link = await linkFor(house.context, await makePersonNamed('Cleo'))
    await ann.post('/sign-in/link', { token: tokenOf(link), password: '' })
    expect((await ann.get(back_again)).status).toBe(401)
    await ways.signInAs(browser, 'third-of-ann')
    expect(await whoIs(browser)).toBe(401)
    await ann.post('/sign-in/out', {})
    await ann.post('/sign-in', { email: ANN.email, password: PASSWORD })
    expect(await whoIs(ann)).toBe(ann_id)
  })
})

async function makePersonNamed(name: string): Promise<string> {
  const { context } = house
  const profile = { name, email: `${name.toLowerCase()}@example.com` }
  return context.store.inInstallation((scope) => makePerson(context, scope, profile))
}

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
