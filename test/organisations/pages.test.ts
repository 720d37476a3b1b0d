// An invitation from end to end over the pages that its link leads to.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allowedBy } from '../../src/access/index.ts'
import { DAY_MS } from '../../src/core/time.ts'
import { alertOf, type Browser, PASSWORD } from '../access/browser.ts'
import { type House, openHouse, type Person, problem, tokenIn } from './house.ts'

const PAGE = '/sign-in/invitation'

let house: House
let owner: Person
beforeAll(async () => {
  house = await openHouse()
  owner = await house.person('Olga', ['owner'])
})
afterAll(() => house.close())

async function invite(email: string, roles = ['auditor'], by: Person = owner) {
  const made = await by.ok<{ id: string; link: string }>('POST', '/v1/invitations', { email, roles }, 201)
  return { ...made, token: tokenIn(made.link) }
}

const newcomer = (token: string, name: string, email: string) => ({
  token,
  name,
  email,
  password: PASSWORD,
  with: 'password',
})

/** Somebody who has joined over the pages, and their browser. */
async function joined(name: string, roles = ['auditor'], by: Person = owner) {
  const email = `${name.toLowerCase()}@example.com`
  const { token, id } = await invite(email, roles, by)
  const browser = house.browser()
  const answer = await browser.post(PAGE, newcomer(token, name, email))
  if (answer.status !== 303) throw new Error(`${name} could not join: ${answer.text}`)
  return { browser, email, token, invitation_id: id }
}

const me = (browser: Browser) =>
  house
    .at(browser)
    .ok<{ actor: { id: string }; organisation_id: string; permissions: string[] }>('GET', '/v1/me')

test('a newcomer opens the link, says who they are, and has the roles they were invited to', async () => {
  const { token, link } = await invite('ada@example.com', ['offers', 'engineer'])
  expect(link).toBe(`https://syndic.test${PAGE}?token=${token}`)
  const browser = house.browser()
  // Opening it is not using it: mail programs open links too.
  for (let time = 0; time < 2; time += 1) {
    const page = await browser.get(link)
    expect([page.status, page.text.includes('You have been invited.')]).toEqual([200, true])
  }
  const answer = await browser.post(PAGE, newcomer(token, 'Ada', 'ada@example.com'))
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/'])
  const { actor, organisation_id, permissions } = await me(browser)
  expect(organisation_id).toBe(house.home)
  expect([...permissions].sort()).toEqual([...allowedBy(['offers', 'engineer'])].sort())
  const { items } = await owner.ok<{ items: unknown[] }>('GET', '/v1/invitations')
  expect(items[0]).toMatchObject({ state: 'accepted', accepted_by: actor.id, email: null })
  const members = await owner.ok<{ items: unknown[] }>('GET', '/v1/members')
  expect(members.items.at(-1)).toMatchObject({ id: actor.id, name: 'Ada', roles: ['offers', 'engineer'] })
  const audit = await owner.ok<{ items: unknown[] }>('GET', '/v1/audit?act=invitation_accept')
  expect(audit.items).toMatchObject([
    { actor: { kind: 'person', id: actor.id }, after: { roles: ['offers', 'engineer'] } },
  ])
  const later = house.browser()
  expect((await later.post('/sign-in', { email: 'ada@example.com', password: PASSWORD })).status).toBe(303)
  expect((await me(later)).actor.id).toBe(actor.id)
})

const SPENT = {
  accepted: 'This invitation was accepted already, and works once. Ask for a new one.',
  revoked: 'This invitation was revoked. Ask for a new one.',
  expired: 'This invitation has expired. Ask for a new one.',
}

async function spend(how: keyof typeof SPENT): Promise<string> {
  if (how === 'accepted') return (await joined('First')).token
  const { id, token } = await invite(`${how}@example.com`)
  if (how === 'revoked') await owner.ok('POST', `/v1/invitations/${id}/revoke`)
  if (how === 'expired') {
    house.context.wall.move(7 * DAY_MS)
    owner = await house.signIn(owner.id, owner.email)
  }
  return token
}

test.each(['accepted', 'revoked', 'expired'] as const)(
  'one that is %s is refused in the same plain words on the page, in its form and by the API',
  async (how) => {
    const token = await spend(how)
    const stranger = house.browser()
    const { by } = await elsewhere(how)
    const { browser: signed_in } = await joined(`In-${how}`, ['auditor'], by)
    const pages = [
      await stranger.get(`${PAGE}?token=${token}`),
      await stranger.post(PAGE, newcomer(token, 'Eve', 'eve@example.com')),
      // Neither does it say who has an account.
      await stranger.post(PAGE, newcomer(token, 'Eve', owner.email)),
      await signed_in.get(`${PAGE}?token=${token}`),
      await signed_in.post(PAGE, { token }),
    ]
    for (const page of pages) expect([page.status, alertOf(page)]).toEqual([409, SPENT[how]])
    expect(stranger.cookies.size).toBe(0)
    const refused = await house.at(signed_in).send('POST', '/v1/invitations/accept', { body: { token } })
    expect(problem(refused)).toEqual({ status: 409, type: '/problems/conflict', detail: SPENT[how] })
    const eve = await stranger.post('/sign-in', { email: 'eve@example.com', password: PASSWORD })
    expect(eve.status).toBe(401)
  },
)

/** Another organisation and its owner. */
async function elsewhere(name: string): Promise<{ id: string; by: Person }> {
  const made = await house
    .operator()
    .ok<{ id: string }>('POST', '/v1/organisations', { kind: 'vendor', name }, 201)
  return { id: made.id, by: await house.person(`Owner-of-${name}`, ['owner'], made.id) }
}

test('one that nobody was given is refused alike, and says nothing of who has an account', async () => {
  const stranger = house.browser()
  const said = 'There is no such invitation. Ask for a new one.'
  for (const page of [
    await stranger.get(`${PAGE}?token=none`),
    await stranger.get(PAGE),
    await stranger.post(PAGE, newcomer('none', 'Eve', 'eve@example.com')),
    await stranger.post(PAGE, newcomer('none', 'Eve', owner.email)),
  ]) {
    expect([page.status, alertOf(page)]).toEqual([404, said])
  }
})

test('a member already takes no second seat, and the invitation waits on for somebody else', async () => {
  const { browser } = await joined('Bea')
  const { id, token } = await invite('not-bea@example.com', ['owner'])
  expect((await browser.get(`${PAGE}?token=${token}`)).text).toContain('You are signed in as Bea.')
  const page = await browser.post(PAGE, { token })
  const said = 'You have a seat in this organisation already.'
  expect([page.status, alertOf(page)]).toEqual([409, said])
  const refused = await house.at(browser).send('POST', '/v1/invitations/accept', { body: { token } })
  expect(problem(refused)).toMatchObject({ status: 409, detail: said })
  expect((await me(browser)).permissions).not.toContain('members.manage')
  const { items } = await owner.ok<{ items: { id: string; state: string }[] }>('GET', '/v1/invitations')
  expect(items.find((one) => one.id === id)?.state).toBe('waiting')
})

test('somebody who is signed in joins with one button', async () => {
  const there = await elsewhere('Fabrikam')
  const { browser, email } = await joined('Cleo')
  const { token } = await invite(email, ['finance'], there.by)
  const page = await browser.get(`${PAGE}?token=${token}`)
  expect(page.text).not.toContain('type="password"')
  const answer = await browser.post(PAGE, { token })
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in'])
  expect(await seats(browser)).toEqual(['Fabrikam', 'My company'])
  const at = await house.at(browser).send('GET', '/v1/me', { headers: { 'syndic-organisation': there.id } })
  expect([...(at.body as { permissions: string[] }).permissions].sort()).toEqual(
    [...allowedBy(['finance'])].sort(),
  )
})

test('somebody with an account who is not signed in signs in on the way, and is not made twice', async () => {
  const there = await elsewhere('Contoso')
  const { email } = await joined('Dora')
  const { token } = await invite(email, ['auditor'], there.by)
  const browser = house.browser()
  const again = await browser.post(PAGE, newcomer(token, 'Dora', email))
  expect([again.status, alertOf(again)]).toEqual([
    409,
    'Somebody has this e-mail address already. Sign in with it first.',
  ])
  const way = /href="(\/sign-in\?invitation=[^"]+)"/.exec(again.text)?.[1] ?? ''
  expect((await browser.get(way)).text).toContain(`value="${token}"`)
  const signed_in = await browser.follow(
    await browser.post('/sign-in', { email, password: PASSWORD, invitation: token }),
  )
  expect(signed_in.text).toContain('You are signed in as Dora.')
  expect((await browser.post(PAGE, { token })).status).toBe(303)
  expect(await seats(browser)).toEqual(['Contoso', 'My company'])
})

async function seats(browser: Browser): Promise<string[]> {
  const { items } = await house.at(browser).ok<{ items: { name: string }[] }>('GET', '/v1/organisations')
  return items.map(({ name }) => name).sort()
}
