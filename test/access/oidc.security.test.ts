// What comes back from a provider and was changed, made up, used before or meant for somebody else lets nobody in.
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FLOW_MS } from '../../src/access/flow.ts'
import { alertOf, type House } from './browser.ts'
import { type Forgery, type Provider, startProvider } from './provider.ts'
import { awayFrom, linkedHouse, SUBJECT, whoIs } from './provider-house.ts'

let provider: Provider
let house: House
let ann_id: string
beforeAll(async () => {
  provider = await startProvider()
  ;({ house, ann_id } = await linkedHouse(provider))
})
afterAll(async () => {
  await house.close()
  await provider.stop()
})

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
        return `${head}.${encoded({ ...claims, sub: SUBJECT, extra: 1 })}.${signature}`
      },
    ],
    [
      'a signature made with the client secret',
      async (claims, { client_secret }) => {
        const secret = new TextEncoder().encode(client_secret)
        return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'test' }).sign(secret)
      },
    ],
  ]
  test.each(forgeries)('%s', async (_, forge) => {
    const browser = house.browser()
    const begun = await browser.get('/sign-in/oidc')
    const back = await provider.visit(awayFrom(begun), SUBJECT)
    provider.forge = forge
    const page = await browser.get(back)
    expect(provider.forge).toBeUndefined()
    expect(page.status).toBe(401)
    expect(alertOf(page)).toBe('The sign-in provider did not confirm who you are. Begin again.')
    expect([...browser.cookies.keys()]).toEqual([])
  })

  test('the same forging hand that changes nothing gets in: the harness itself refuses nobody', async () => {
    const browser = house.browser()
    const back = await provider.visit(awayFrom(await browser.get('/sign-in/oidc')), SUBJECT)
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
      const back = new URL(await provider.visit(awayFrom(await browser.get('/sign-in/oidc')), SUBJECT))
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
    const back = await provider.visit(awayFrom(begun), SUBJECT)
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
    const back = await provider.visit(awayFrom(await attacker.get('/sign-in/oidc')), SUBJECT)
    expect((await victim.get(back)).status).toBe(401)
    await victim.get('/sign-in/oidc')
    expect((await victim.get(back)).status).toBe(401)
    expect(await whoIs(victim)).toBe(401)
  })

  test('an attempt that took too long, and a cookie that is not ours', async () => {
    const browser = house.browser()
    const begun = await browser.get('/sign-in/oidc')
    const flow = browser.cookies.get('__Host-syndic-flow') ?? ''
    const back = await provider.visit(awayFrom(begun), SUBJECT)
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
