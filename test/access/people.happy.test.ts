import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  emailDigest,
  findPersonByEmail,
  makePerson,
  makeSealer,
  profileColumns,
  profileOf,
} from '../../src/access/index.ts'
import { type TestContext, testContext } from '../support/context.ts'

let test_context: TestContext
beforeAll(async () => {
  const made = await testContext()
  test_context = { ...made, seal: await makeSealer('2a'.repeat(32), made.random) }
})
afterAll(() => test_context.close())

const ANN = { name: 'Ann Example', email: 'Ann@Example.com' }

test('a person is kept sealed, found by any spelling of the address, and read again', async () => {
  const context = test_context
  const id = await context.store.inInstallation((scope) => makePerson(context, scope, ANN))
  const found = await context.store.inInstallation((scope) =>
    findPersonByEmail(context, scope, '  ann@EXAMPLE.com '),
  )
  expect(found?.id).toBe(id)
  expect(found && (await profileOf(context, found))).toEqual(ANN)
  expect(JSON.stringify(found).toLowerCase()).not.toMatch(/ann|example/)
  expect(found).toMatchObject({ operator: false, password: null, erased_at: null })
})

test('the digest of an address is the same after a start with a new process and another one elsewhere', async () => {
  const context = test_context
  const digest = (parts: TestContext) =>
    parts.store.inInstallation((scope) => emailDigest(parts, scope, 'ann@example.com'))
  const again = { ...context, seal: await makeSealer('2a'.repeat(32), context.random) }
  expect(await digest(again)).toBe(await digest(context))
  const elsewhere = await testContext({ seed: 9 })
  expect(await digest(elsewhere)).not.toBe(await digest(context))
  await elsewhere.close()
})

test('an organisation sees the profile of those who sit in it, and nothing they sign in with', async () => {
  const context = test_context
  const { store, organisation_id } = context
  const bob = { name: 'Bob', email: 'bob@example.com' }
  const id = await store.inInstallation((scope) => makePerson(context, scope, bob))
  const read = () =>
    store.inTenant(organisation_id, ({ tx }) => tx.person.findMany({ where: { id }, select: profileColumns }))
  expect(await read()).toEqual([])
  await store.inTenant(organisation_id, ({ tx, wall }) =>
    tx.member.create({
      data: { organisation_id, person_id: id, roles: ['auditor'], created_at: wall() },
    }),
  )
  const [row] = await read()
  expect(row && (await profileOf(context, row))).toEqual(bob)
  await expect(
    store.inTenant(organisation_id, ({ tx }) => tx.$queryRaw`SELECT password FROM person`),
  ).rejects.toThrow(/permission denied/)
})
