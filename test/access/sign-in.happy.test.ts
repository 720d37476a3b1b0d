import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  ANN,
  type Browser,
  firstPerson,
  type House,
  linkFor,
  OPERATOR_KEY,
  openHouse,
  PASSWORD,
  tokenOf,
} from './browser.ts'

let house: House
let ann: Browser
let ann_id: string
beforeAll(async () => {
  house = await openHouse()
  ann = house.browser()
  ann_id = await firstPerson(house, ann)
})
afterAll(() => house.close())

const me = async (browser: Browser) => JSON.parse((await browser.get('/v1/me')).text)

test('the first link makes who runs the installation and owns its first organisation', async () => {
  const told = await me(ann)
  expect(told.actor).toEqual({ kind: 'person', id: ann_id })
  expect(told.permissions).toEqual(
    expect.arrayContaining(['operator', 'organisation.manage', 'ledger.manage']),
  )
  const { items } = JSON.parse((await ann.get('/v1/organisations')).text)
  const home = items.find((one: { name: string }) => one.name === 'My company')
  expect(told.organisation_id).toBe(home.id)
  const { items: acts } = JSON.parse((await ann.get(`/v1/audit?subject_id=${ann_id}`)).text)
  expect(acts).toMatchObject([
    { act: 'sign_in', actor: { kind: 'person', id: ann_id }, after: { by: 'link' } },
    { act: 'first_person', after: { roles: ['owner'], operator: true } },
  ])
})

test('the account page names the person, and the pages need no script and load nothing from elsewhere', async () => {
  const page = await ann.get('/sign-in')
  expect(page.text).toContain('Ann Example, ann@example.com')
  for (const { text, headers } of [page, await house.browser().get('/sign-in')]) {
    expect(text).not.toMatch(/<script|style=|https?:/)
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('same-origin')
  }
  const style = await ann.get('/sign-in/style.css')
  expect([style.status, style.headers.get('content-type')]).toEqual([200, 'text/css'])
})

test('every field has a label, every page a title, a language and one heading', async () => {
  const link = await linkFor(house.context, ann_id)
  const invited = await house.fetch(
    new Request('https://syndic.test/v1/invitations', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${OPERATOR_KEY}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ email: 'new@example.com', roles: ['auditor'] }),
    }),
  )
  const invitation: string = (await invited.json()).link
  const away = house.browser()
  for (const address of ['/sign-in', link, invitation]) {
    const { text, status } = await away.get(address)
    expect(status).toBe(200)
    expect(text).toMatch(/<html lang="en">[\s\S]*<title>[^<]+<\/title>/)
    expect(text.match(/<h1>/g)).toHaveLength(1)
    const fields = [...text.matchAll(/<input (?!type="hidden")id="([\w-]+)"/g)].map(([, id]) => id)
    const labels = [...text.matchAll(/<label for="([\w-]+)"/g)].map(([, id]) => id)
    expect(labels).toEqual(fields)
    expect(fields.length).toBeGreaterThan(0)
  }
})

test('with the password, by any spelling of the address, one is in; out again, one is not', async () => {
  const browser = house.browser()
  const signed_in = await browser.post('/sign-in', { email: ' ANN@example.com ', password: PASSWORD })
  expect([signed_in.status, signed_in.headers.get('location')]).toEqual([303, '/'])
  expect((await me(browser)).actor.id).toBe(ann_id)
  const token = browser.cookies.get('__Host-syndic') ?? ''
  expect((await browser.post('/sign-in/out', {})).status).toBe(303)
  expect(browser.cookies.size).toBe(0)
  // The cookie was not only taken from the browser: it is worth nothing any more.
  expect((await house.browser().get('/v1/me', { cookie: `__Host-syndic=${token}` })).status).toBe(401)
  expect((await me(ann)).actor.id).toBe(ann_id)
})

test('a link signs somebody in who is known and may set a new password; older sessions and passwords end', async () => {
  const link = await linkFor(house.context, ann_id)
  const browser = house.browser()
  // Opening it is not using it: mail programs open links too.
  expect((await browser.get(link)).text).toContain('This link signs you in, once.')
  expect((await browser.get(link)).status).toBe(200)
  const next = 'another long password'
  const used = await browser.post('/sign-in/link', { token: tokenOf(link), password: next })
  expect(used.status).toBe(303)
  expect((await me(browser)).actor.id).toBe(ann_id)
  expect((await ann.get('/v1/me')).status).toBe(401)
  expect((await house.browser().post('/sign-in', { email: ANN.email, password: PASSWORD })).status).toBe(401)
  ann = browser
  const back = await ann.post('/sign-in/password', { current: next, password: PASSWORD })
  expect(back.text).toContain('The password was changed.')
})

test('a changed password ends every session but the one it was changed in', async () => {
  const other = house.browser()
  await other.post('/sign-in', { email: ANN.email, password: PASSWORD })
  expect((await me(other)).actor.id).toBe(ann_id)
  expect(
    (await ann.post('/sign-in/password', { current: PASSWORD, password: 'yet another password' })).status,
  ).toBe(200)
  expect((await other.get('/v1/me')).status).toBe(401)
  expect((await me(ann)).actor.id).toBe(ann_id)
  await ann.post('/sign-in/password', { current: 'yet another password', password: PASSWORD })
})

test('my sessions are listed and ended one by one', async () => {
  const other = house.browser()
  await other.post('/sign-in', { email: ANN.email, password: PASSWORD })
  const { items } = JSON.parse((await ann.get('/v1/sessions')).text)
  const others = items.filter((one: { current: boolean }) => !one.current)
  expect([items.length, others.length]).toEqual([2, 1])
  const key = { origin: 'https://syndic.test', 'idempotency-key': 'end' }
  const ended = await ann.post(`/v1/sessions/${others[0].id}/end`, {}, key)
  expect(JSON.parse(ended.text)).toEqual({ id: others[0].id, ended: true })
  expect((await other.get('/v1/me')).status).toBe(401)
  expect((await me(ann)).actor.id).toBe(ann_id)
})
