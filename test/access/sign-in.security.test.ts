import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makePerson } from '../../src/access/index.ts'
import { hashPassword, passwordFits } from '../../src/access/passwords.ts'
import { hashOf } from '../../src/access/secret.ts'
import { ABSOLUTE_MS, IDLE_MS } from '../../src/access/sessions.ts'
import { seededRandom } from '../../src/core/random.ts'
import {
  ANN,
  type Browser,
  firstPerson,
  type House,
  linkFor,
  openHouse,
  PASSWORD,
  SITE,
  tokenOf,
} from './browser.ts'

let house: House
let ann_id: string
beforeAll(async () => {
  house = await openHouse()
  ann_id = await firstPerson(house, house.browser())
})
afterAll(() => house.close())

const COOKIE = '__Host-syndic'
const right = { email: ANN.email, password: PASSWORD }
const signedIn = async (address?: string) => {
  const browser = house.browser(address)
  const { status, text } = await browser.post('/sign-in', right)
  if (status !== 303) throw new Error(text)
  return browser
}
const isIn = async (browser: Browser) => (await browser.get('/v1/me')).status === 200

describe('a session', () => {
  test('has a cookie that no script, no other site, no plain connection and no neighbour sees', async () => {
    const [line] = (await house.browser().post('/sign-in', right)).headers.getSetCookie()
    expect(line).toMatch(/^__Host-syndic=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
  })

  test('that was forged, cut, lengthened, or is what the database keeps, is none', async () => {
    const browser = await signedIn()
    const token = browser.cookies.get(COOKIE) ?? ''
    const digest = await hashOf(token)
    for (const forged of [
      '',
      'x',
      token.slice(1),
      `${token}A`,
      token.toLowerCase(),
      digest,
      `ses_${digest.slice(0, 24)}`,
    ]) {
      const thief = house.browser()
      thief.cookies.set(COOKIE, forged)
      expect(await isIn(thief)).toBe(false)
    }
    expect(await isIn(browser)).toBe(true)
  })

  test('ends when it is idle, and in any case, by wall time and to the millisecond', async () => {
    const { wall } = house.context
    const [idle, busy] = [await signedIn(), await signedIn()]
    const began = wall.now().getTime()
    for (let passed = 0; passed + IDLE_MS < ABSOLUTE_MS; passed += IDLE_MS - 1) {
      expect(await isIn(busy)).toBe(true)
      wall.move(IDLE_MS - 1)
    }
    expect(await isIn(idle)).toBe(false)
    expect(await isIn(busy)).toBe(true)
    wall.set(new Date(began + ABSOLUTE_MS - 1))
    expect(await isIn(busy)).toBe(true)
    wall.move(1)
    expect(await isIn(busy)).toBe(false)
    const fresh = await signedIn()
    wall.move(IDLE_MS)
    expect(await isIn(fresh)).toBe(false)
  })

  test('is never the one the browser brought along: that one ends', async () => {
    const browser = await signedIn()
    const before = browser.cookies.get(COOKIE) ?? ''
    await browser.post('/sign-in', right)
    expect(browser.cookies.get(COOKIE)).not.toBe(before)
    const thief = house.browser()
    thief.cookies.set(COOKIE, before)
    expect(await isIn(thief)).toBe(false)
    const victim = house.browser()
    victim.cookies.set(COOKIE, 'planted-by-somebody-else')
    await victim.post('/sign-in', right)
    expect(victim.cookies.get(COOKIE)).toMatch(/^[\w-]{43}$/)
    expect(await isIn(victim)).toBe(true)
  })

  test('may do what its person may now, and only what is their own when they have no seat', async () => {
    const { context } = house
    const browser = await signedIn()
    const bob = await context.store.inInstallation((scope) =>
      makePerson(context, scope, { name: 'Bob', email: 'bob@example.com' }),
    )
    const away = house.browser()
    await away.post('/sign-in/link', { token: tokenOf(await linkFor(context, bob)), password: '' })
    expect(JSON.parse((await away.get('/v1/me')).text)).toMatchObject({ actor: { id: bob }, permissions: [] })
    expect((await away.get('/v1/ledger/accounts')).status).toBe(403)
    const { organisation_id } = JSON.parse((await browser.get('/v1/me')).text)
    const seat = (roles: string[]) =>
      context.store.inTenant(organisation_id, ({ tx, wall }) =>
        tx.member.upsert({
          where: { organisation_id_person_id: { organisation_id, person_id: bob } },
          create: { organisation_id, person_id: bob, roles, created_at: wall() },
          update: { roles },
        }),
      )
    await seat(['finance'])
    expect((await away.get('/v1/ledger/accounts')).status).toBe(200)
    expect((await away.get('/v1/people')).status).toBe(403)
    await seat(['engineer'])
    expect((await away.get('/v1/ledger/accounts')).status).toBe(403)
  })
})

describe('another site', () => {
  test.each([
    ['/sign-in', right],
    ['/sign-in/link', { token: 'x' }],
    ['/sign-in/invitation', { token: 'x' }],
    ['/sign-in/password', { current: PASSWORD, password: 'a new long password' }],
    ['/sign-in/out', {}],
    ['/v1/sessions/ses_x/end', {}],
  ])('cannot send a form to %s', async (address, form) => {
    const browser = await signedIn()
    const token = browser.cookies.get(COOKIE)
    for (const origin of [
      'https://evil.test',
      'null',
      'http://syndic.test',
      `${SITE}.evil.test`,
      `${SITE}:444`,
    ]) {
      const answer = await browser.post(address, form, { origin })
      expect(answer.status).toBe(403)
      expect(answer.headers.getSetCookie()).toEqual([])
    }
    const without = await house.fetch(
      new Request(`${SITE}${address}`, {
        method: 'POST',
        headers: { cookie: `${COOKIE}=${token}` },
        body: new URLSearchParams(form),
      }),
    )
    expect(without.status).toBe(403)
    expect(await isIn(browser)).toBe(true)
  })

  test('cannot put a page of ours into its own, nor get a script into one', async () => {
    const page = await house.browser().post('/sign-in', { ...right, email: '"><script>alert(1)</script>' })
    expect(page.headers.get('x-frame-options')).toBe('DENY')
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(page.text).not.toContain('<script')
    expect(page.text).toContain('&lt;script&gt;')
    const link = await house.browser().get('/sign-in/invitation?token=%22%3E%3Cscript%3E')
    expect(link.text).not.toContain('<script')
  })
})

describe('a password that is kept', () => {
  test('tells its cost, never the same twice, and fits only itself', async () => {
    const random = seededRandom(4)
    const [one, two] = [await hashPassword(random, PASSWORD), await hashPassword(random, PASSWORD)]
    expect(one).toMatch(/^scrypt\$15\$8\$3\$[\w-]{22}\$[\w-]{43}$/)
    expect(two).not.toBe(one)
    expect(await passwordFits(PASSWORD, one)).toBe(true)
    expect(await passwordFits(`${PASSWORD} `, one)).toBe(false)
    // The same letters, written in another way.
    expect(
      await passwordFits('ﬁne passphrase é', await hashPassword(random, 'fine passphrase e\u0301')),
    ).toBe(true)
    expect(await passwordFits(PASSWORD, null)).toBe(false)
    await expect(passwordFits(PASSWORD, 'scrypt$1$1$1$AA$AA')).rejects.toThrow('no hash of ours')
  })
})

test('of many who use one link at once, one gets in', async () => {
  const fresh = await openHouse({ seed: 6 })
  const token = tokenOf(await linkFor(fresh.context, null))
  const uses = await Promise.all(
    [0, 1, 2, 3].map((index) =>
      fresh.browser().post('/sign-in/link', {
        token,
        name: 'First',
        email: `first-${index}@example.com`,
        password: PASSWORD,
        with: 'password',
      }),
    ),
  )
  expect(uses.map(({ status }) => status).sort()).toEqual([303, 401, 401, 401])
  expect(await fresh.context.store.inInstallation(({ tx }) => tx.person.count())).toBe(1)
  await fresh.close()
})

test('neither the database nor the log holds a token, a password or an address in the clear', async () => {
  const { context } = house
  const browser = await signedIn('192.0.2.77')
  const link = tokenOf(await linkFor(context, ann_id))
  const secrets = [browser.cookies.get(COOKIE) ?? '', link, PASSWORD, ANN.email, ANN.name, '192.0.2.77']
  const dump = await context.store.inInstallation(async ({ tx }) => {
    const tables = [
      await tx.person.findMany(),
      await tx.session.findMany(),
      await tx.sign_in_token.findMany(),
      await tx.sign_in_failure.findMany(),
      await tx.identity.findMany(),
      await tx.installation.findMany(),
      await tx.audit_record.findMany(),
    ]
    expect(tables.filter((rows) => rows.length > 0).length).toBeGreaterThanOrEqual(6)
    return JSON.stringify(tables, (_, value) => (typeof value === 'bigint' ? String(value) : value))
  })
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(8)
    expect(dump).not.toContain(secret)
    expect(context.logged.join('\n')).not.toContain(secret)
  }
})
