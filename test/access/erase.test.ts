// A person who asks what is kept about them, and to be forgotten.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makePerson } from '../../src/access/index.ts'
import { record } from '../../src/audit/index.ts'
import { newId } from '../../src/core/id.ts'
import {
  ANN,
  type Browser,
  firstPerson,
  type House,
  linkFor,
  OPERATOR_KEY,
  openHouse,
  PASSWORD,
  SITE,
  tokenOf,
} from './browser.ts'

const BOB = { name: 'Bob Builder', email: 'Bob.Builder@example.com' }

let house: House
let ann: Browser
let bob: Browser
let bob_id: string
let home: string
let other: string

beforeEach(async () => {
  house = await openHouse()
  ann = house.browser()
  await firstPerson(house, ann)
  const { context } = house
  home = JSON.parse((await ann.get('/v1/me')).text).organisation_id
  other = newId('organisation', context.clock.now(), context.random)
  bob_id = await context.store.inInstallation(async (scope) => {
    const data = { id: other, kind: 'reseller', name: 'Contoso', created_at: scope.now() }
    await scope.tx.organisation.create({ data })
    return makePerson(context, scope, BOB)
  })
  for (const organisation_id of [home, other]) await sit(organisation_id, bob_id, ['finance'])
  bob = house.browser()
  const token = tokenOf(await linkFor(context, bob_id))
  await bob.post('/sign-in/link', { token, password: PASSWORD })
})
afterEach(() => house.close())

async function sit(organisation_id: string, person_id: string, roles: string[]): Promise<void> {
  await house.context.store.inTenant(organisation_id, ({ tx, wall }) =>
    tx.member.create({ data: { organisation_id, person_id, roles, created_at: wall() } }),
  )
}

const erase = (browser: Browser, id: string, headers: Record<string, string> = {}) =>
  browser.post(`/v1/people/${id}/erase`, {}, headers)
const asOperator = (organisation_id: string) => ({
  authorization: `Bearer ${OPERATOR_KEY}`,
  'syndic-organisation': organisation_id,
})
const chain = async (organisation_id: string) =>
  JSON.parse((await house.browser().get('/v1/audit/check', asOperator(organisation_id))).text)
const acts = async (organisation_id: string) =>
  JSON.parse((await house.browser().get('/v1/audit?limit=200', asOperator(organisation_id))).text).items

/** Something an organisation wrote down, with a person's address in it. */
async function tellOf(organisation_id: string, subject_id: string, after: unknown): Promise<void> {
  const actor = { kind: 'operator', id: 'operator' } as const
  await house.context.store.inTenant(organisation_id, (scope) =>
    record(scope, { actor, request_id: 'req_test', act: 'test', subject_id, after }),
  )
}

/** Every row there is, as the owner of the database sees it. */
async function dump(): Promise<string> {
  const { store } = house.context
  return store.inInstallation(async ({ tx }) => {
    await tx.$executeRaw`RESET ROLE`
    const tables = (await tx.$queryRaw`
      SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`) as {
      table_name: string
    }[]
    const rows = []
    for (const { table_name } of tables) {
      rows.push(await tx.$queryRawUnsafe(`SELECT to_jsonb(t)::text AS row FROM "${table_name}" t`))
    }
    return JSON.stringify(rows)
  })
}

test('a person reads what is kept about them, and nothing of others', async () => {
  const data = JSON.parse((await bob.get('/v1/me/personal-data')).text)
  expect(data).toMatchObject({ id: bob_id, ...BOB, operator: false, has_password: true, identities: [] })
  expect(data.seats.map((seat: { organisation_id: string }) => seat.organisation_id).sort()).toEqual(
    [home, other].sort(),
  )
  expect(data.sessions).toMatchObject([{ current: true }])
  expect(
    data.acts.map(({ act, organisation_id }: Record<string, string>) => `${act} ${organisation_id}`).sort(),
  ).toEqual(
    ['password_change', 'sign_in'].flatMap((act) => [home, other].map((one) => `${act} ${one}`)).sort(),
  )
  expect(JSON.stringify(data)).not.toContain(ANN.email)
})

test('who is forgotten is nowhere any more, and every chain verifies', async () => {
  await tellOf(other, 'inv_1', { id: 'inv_1', email: BOB.email.toLowerCase() })
  await tellOf(other, 'offer_1', { id: 'offer_1', name: 'An offer' })
  const key = { ...asOperator(home), 'idempotency-key': 'names-bob', 'content-type': 'application/json' }
  const named = await house.fetch(
    new Request(`${SITE}/v1/organisations`, {
      method: 'POST',
      headers: key,
      body: JSON.stringify({ kind: 'reseller', name: `Of ${BOB.email}` }),
    }),
  )
  expect(named.status).toBe(201)
  expect(await dump()).toContain(BOB.email)
  const heads = [await chain(home), await chain(other)].map(({ head }) => head)

  expect((await erase(bob, bob_id)).status).toBe(200)

  // The organisation that has the address for a name keeps its name: that is not said of the person.
  const left = (await dump()).replaceAll(`Of ${BOB.email}`, '')
  expect(left.toLowerCase()).not.toContain(BOB.email.toLowerCase())
  expect(left).not.toContain(BOB.name)
  for (const organisation_id of [home, other]) {
    const found = await chain(organisation_id)
    expect([found.ok, found.broken]).toEqual([true, null])
    expect(Number(found.records)).toBeGreaterThan(0)
  }
  // What was kept elsewhere before still fits: nothing was written anew.
  for (const [index, organisation_id] of [home, other].entries()) {
    const { sequence, digest } = heads[index]
    const query = `sequence=${sequence}&digest=${digest}`
    const again = await house.browser().get(`/v1/audit/check?${query}`, asOperator(organisation_id))
    expect(JSON.parse(again.text).ok).toBe(true)
  }
  const told = await acts(other)
  const of = (subject_id: string, act: string) =>
    told.find((one: Record<string, unknown>) => one.subject_id === subject_id && one.act === act)
  expect(of('inv_1', 'test')).toMatchObject({ before: null, after: null, forgotten: true })
  expect(of('offer_1', 'test')).toMatchObject({ after: { name: 'An offer' }, forgotten: false })
  expect(of(bob_id, 'member_erased')).toMatchObject({ before: { roles: ['finance'] }, actor: { id: bob_id } })
})

test('who lost their last seat still reads what is kept about them, and is forgotten by themselves', async () => {
  for (const organisation_id of [home, other]) {
    await house.context.store.inTenant(organisation_id, ({ tx }) =>
      tx.member.deleteMany({ where: { person_id: bob_id } }),
    )
  }
  expect(JSON.parse((await bob.get('/v1/me/personal-data')).text)).toMatchObject({ ...BOB, seats: [] })
  expect((await erase(bob, JSON.parse((await ann.get('/v1/me')).text).actor.id)).status).toBe(404)
  expect((await erase(bob, bob_id)).status).toBe(200)
  expect((await bob.get('/v1/me')).status).toBe(401)
  expect((await dump()).toLowerCase()).not.toContain(BOB.email.toLowerCase())
  expect((await chain(home)).ok).toBe(true)
})

test('an address that only holds theirs is somebody else, and stays', async () => {
  const theirs = BOB.email.toLowerCase()
  const others = [
    `not-${theirs}`,
    `x.${theirs}`,
    `${theirs}.au`,
    `${theirs.slice(1)}`,
    theirs.replace('.b', 'xb'),
  ]
  const written = [`"Ask\n${theirs}. Or not"`, `${theirs},${theirs}`, `<${BOB.email.toUpperCase()}>`]
  const texts = [...others, ...written]
  for (const [index, note] of texts.entries()) {
    await tellOf(other, `thing_${index}`, { note })
    const data = { key: `note-${index}`, request_hash: '', status: 200, answer: JSON.stringify({ note }) }
    await house.context.store.inTenant(other, ({ tx, wall }) =>
      tx.idempotency_key.create({ data: { organisation_id: other, ...data, created_at: wall() } }),
    )
  }
  expect((await erase(bob, bob_id)).status).toBe(200)
  const told = (await acts(other)).filter(({ act }: { act: string }) => act === 'test').reverse()
  expect(told.map(({ after }: { after: { note: string } | null }) => after?.note)).toEqual([
    ...others,
    ...written.map(() => undefined),
  ])
  const answers = await house.context.store.inTenant(other, ({ tx }) =>
    tx.idempotency_key.findMany({ where: { key: { startsWith: 'note-' } }, orderBy: { key: 'asc' } }),
  )
  expect(answers.map(({ answer }) => JSON.parse(String(answer)).note)).toEqual([
    ...others,
    '"Ask\n(erased). Or not"',
    '(erased),(erased)',
    '<(erased)>',
  ])
})

test('who is forgotten cannot come back in any way they had', async () => {
  const link = tokenOf(await linkFor(house.context, bob_id))
  const erased = await erase(ann, bob_id)
  expect(JSON.parse(erased.text)).toMatchObject({ id: bob_id })
  expect((await bob.get('/v1/me')).status).toBe(401)
  expect((await house.browser().post('/sign-in', { email: BOB.email, password: PASSWORD })).status).toBe(401)
  expect((await house.browser().post('/sign-in/link', { token: link, password: '' })).status).toBe(401)
  const { items } = JSON.parse((await ann.get('/v1/people')).text)
  expect(items).toMatchObject([
    { ...ANN, operator: true, erased_at: null },
    { id: bob_id, name: null, email: null },
  ])
  // Again, it changes nothing; and the address is free for a new account, which is another person.
  const again = await erase(ann, bob_id)
  expect([again.status, again.text]).toEqual([200, erased.text])
  const { context } = house
  expect(await context.store.inInstallation((scope) => makePerson(context, scope, BOB))).not.toBe(bob_id)
})

test('a change of the records that are left is still found', async () => {
  await tellOf(other, bob_id, { email: BOB.email })
  await tellOf(other, 'offer_1', { id: 'offer_1' })
  await erase(bob, bob_id)
  await house.context.store.inInstallation(async ({ tx }) => {
    await tx.$executeRaw`RESET ROLE`
    await tx.$executeRaw`UPDATE audit_record SET after = '{"id":"offer_2"}' WHERE subject_id = 'offer_1'`
  })
  expect((await chain(other)).broken).toMatchObject({ reason: 'what stood before or after was changed' })
})

test('nobody forgets somebody else, and learns nothing of who there is', async () => {
  const ann_id = JSON.parse((await ann.get('/v1/me')).text).actor.id
  for (const id of [ann_id, 'prsn_missing']) {
    const answer = await erase(bob, id)
    expect([answer.status, JSON.parse(answer.text).detail]).toEqual([404, `There is no person ${id}.`])
  }
  expect((await bob.get('/v1/people')).status).toBe(403)
  for (const id of [ann_id, bob_id, 'prsn_missing']) {
    expect((await bob.get(`/v1/people/${id}/personal-data`)).status).toBe(403)
  }
  expect((await ann.get('/v1/me')).status).toBe(200)
})

test('the last who runs the installation, and the last owner, stay', async () => {
  const ann_id = JSON.parse((await ann.get('/v1/me')).text).actor.id
  const refused = await erase(ann, ann_id)
  expect([refused.status, JSON.parse(refused.text).detail]).toEqual([
    409,
    'Nobody else runs this installation. Make somebody else its operator first.',
  ])
  const cleo = await house.context.store.inInstallation((scope) =>
    makePerson(house.context, scope, { name: 'Cleo', email: 'cleo@example.com' }),
  )
  await sit(other, cleo, ['owner'])
  const sole = await erase(ann, cleo)
  expect([sole.status, JSON.parse(sole.text).detail]).toEqual([
    409,
    `Nobody else owns ${other}. Make another member its owner first.`,
  ])
  await house.context.store.inTenant(other, ({ tx }) =>
    tx.member.update({
      where: { organisation_id_person_id: { organisation_id: other, person_id: bob_id } },
      data: { roles: ['owner'] },
    }),
  )
  expect((await erase(ann, cleo)).status).toBe(200)
  expect((await house.browser().get('/v1/me', asOperator(other))).status).toBe(200)
})
