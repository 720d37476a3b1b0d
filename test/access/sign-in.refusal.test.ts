import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makePerson } from '../../src/access/index.ts'
import { LINK_MS } from '../../src/access/sign-in-tokens.ts'
import { ANN, alertOf, firstPerson, type House, linkFor, openHouse, PASSWORD, tokenOf } from './browser.ts'

let house: House
let ann_id: string
beforeAll(async () => {
  house = await openHouse()
  const { context } = house
  const browser = house.browser()
  const token = tokenOf(await linkFor(context, null))
  // What is wrong with a form is told above it, and its link is not used up by that.
  for (const [change, problem] of [
    [{ name: ' ' }, 'Say your name.'],
    [{ email: 'nobody' }, 'That is no e-mail address.'],
    [{ password: 'short' }, 'password: has 5 characters. Choose 12 to 200, such as four or five words'],
    [{ password: 'abababababababab' }, 'password: repeats itself. Choose more different characters'],
    [
      { password: 'ANN@example.com 1' },
      'password: holds the e-mail address. Choose one that nobody can look up',
    ],
  ] as const) {
    const form = { token, ...ANN, password: PASSWORD, with: 'password', ...change }
    const page = await browser.post('/sign-in/link', form)
    expect([page.status, alertOf(page)]).toEqual([422, problem])
    expect(page.text).not.toContain(form.password)
  }
  ann_id = await firstPerson(house, house.browser())
})
afterAll(() => house.close())

const spent = 'This link does not work: it was used, it is too old, or a newer one was made.'

describe('a link', () => {
  test('works once', async () => {
    const token = tokenOf(await linkFor(house.context, ann_id))
    const use = () => house.browser().post('/sign-in/link', { token, password: '' })
    expect((await use()).status).toBe(303)
    const again = await use()
    expect([again.status, alertOf(again)]).toEqual([401, spent])
    expect((await house.browser().get(`/sign-in?token=${token}`)).status).toBe(401)
  })

  test('works for a day of wall time, whatever business time does', async () => {
    const { wall, clock } = house.context
    const use = (token: string) => house.browser().post('/sign-in/link', { token, password: '' })
    const [one, two] = [
      tokenOf(await linkFor(house.context, ann_id)),
      tokenOf(await linkFor(house.context, ann_id)),
    ]
    clock.move(100 * LINK_MS)
    wall.move(LINK_MS - 1)
    expect((await use(one)).status).toBe(303)
    wall.move(1)
    expect((await use(two)).status).toBe(401)
  })

  test('for the first person ends when there is one, and when a newer one is made', async () => {
    const fresh = await openHouse({ seed: 5 })
    const [older, newer] = [await linkFor(fresh.context, null), await linkFor(fresh.context, null)]
    const form = (link: string) => ({ token: tokenOf(link), ...ANN, password: PASSWORD, with: 'password' })
    expect((await fresh.browser().post('/sign-in/link', form(older))).status).toBe(401)
    expect((await fresh.browser().post('/sign-in/link', form(newer))).status).toBe(303)
    const late = await linkFor(fresh.context, null)
    expect(
      (await fresh.browser().post('/sign-in/link', { ...form(late), email: 'b@example.com' })).status,
    ).toBe(401)
    await fresh.close()
  })

  test('that nobody was given', async () => {
    for (const token of ['', 'x', 'A'.repeat(43)]) {
      expect((await house.browser().post('/sign-in/link', { token })).status).toBe(401)
    }
  })
})

describe('a password', () => {
  const wrong = 'The e-mail address or the password is not right.'

  test('that is wrong, of nobody, or of somebody without one is refused in the same words', async () => {
    const { context } = house
    await context.store.inInstallation((scope) =>
      makePerson(context, scope, { name: 'Bob', email: 'bob@example.com' }),
    )
    const pages = []
    for (const email of [ANN.email, 'nobody@example.com', 'bob@example.com']) {
      const page = await house.browser().post('/sign-in', { email, password: 'not the right one' })
      expect(page.headers.getSetCookie()).toEqual([])
      pages.push([page.status, page.text.replace(email, '')])
      expect(alertOf(page)).toBe(wrong)
    }
    expect(pages[1]).toEqual(pages[0])
    expect(pages[2]).toEqual(pages[0])
  })

  test('that is missing, or with an address that is none', async () => {
    expect((await house.browser().post('/sign-in', { email: ANN.email })).status).toBe(401)
    const page = await house.browser().post('/sign-in', { email: 'ann', password: PASSWORD })
    expect([page.status, alertOf(page)]).toEqual([422, 'That is no e-mail address.'])
  })

  test('is changed only by who is signed in and knows it', async () => {
    const browser = house.browser()
    const form = { current: PASSWORD, password: 'a new long password' }
    expect((await browser.post('/sign-in/password', form)).status).toBe(401)
    await browser.post('/sign-in', { email: ANN.email, password: PASSWORD })
    const page = await browser.post('/sign-in/password', { ...form, current: 'not the right one' })
    expect([page.status, alertOf(page)]).toEqual([401, 'The present password is not right.'])
    expect((await browser.post('/sign-in/password', { ...form, password: 'short' })).status).toBe(422)
    expect((await house.browser().post('/sign-in', { email: ANN.email, password: PASSWORD })).status).toBe(
      303,
    )
  })
})

test('an invitation that nobody was given makes no person and no session', async () => {
  const browser = house.browser()
  const form = { token: 'x', name: 'Eve', email: 'eve@example.com', password: PASSWORD, with: 'password' }
  const strange = await browser.post('/sign-in/invitation', form)
  expect(strange.status).toBe(404)
  // Nor does it say whose address has an account.
  const known = await browser.post('/sign-in/invitation', { ...form, email: ANN.email })
  expect([known.status, alertOf(known)]).toEqual([404, alertOf(strange)])
  expect(browser.cookies.size).toBe(0)
  expect((await browser.post('/sign-in', { email: form.email, password: PASSWORD })).status).toBe(401)
})

test("a session that is not one's own is not there", async () => {
  const browser = house.browser()
  await browser.post('/sign-in', { email: ANN.email, password: PASSWORD })
  for (const id of ['ses_', `ses_${'0'.repeat(24)}`, '%25', 'ses_%']) {
    const answer = await browser.post(`/v1/sessions/${encodeURIComponent(id)}/end`, {})
    expect([answer.status, JSON.parse(answer.text).type]).toEqual([404, '/problems/not-found'])
  }
  expect((await browser.get('/v1/me')).status).toBe(200)
})

test('a key has no sessions and no personal data', async () => {
  const headers = { authorization: 'Bearer sk_test_0123456789abcdefghijklmnop' }
  for (const address of ['/v1/sessions', '/v1/me/personal-data']) {
    expect((await house.browser().get(address, headers)).status).toBe(403)
  }
})
