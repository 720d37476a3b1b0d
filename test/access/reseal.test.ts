// Another key takes the place of the one that seals, while the service goes on.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makePerson, profileOf } from '../../src/access/people.ts'
import { places, reseal, underKeysOfTheirOwn } from '../../src/access/reseal.ts'
import { checkKey, type KeyedSealer, makeSealer } from '../../src/access/seal.ts'
import type { Sealer } from '../../src/context.ts'
import { systemRandom as random } from '../../src/core/random.ts'
import { queueLetter, sendLetter } from '../../src/mail/index.ts'
import { tick } from '../../src/work/index.ts'
import { anotherTenant } from '../ledger/books.ts'
import { type TestContext, testContext } from '../support/context.ts'
import { everyKind } from '../work/support.ts'

const OLD = '1f'.repeat(32)
const NEW = '2e'.repeat(32)
/** What the first version of the program sealed: the text "kept" for these two, under OLD. */
const FIRST_VERSION =
  'v1.m7hX1/3eDofHrKnLE/gl73D29HfKUEum3TJ9BQj/VtgWiM6xmRI044qSB8OxoF+8xQM2HGZpupENaNC6.J5Pb//TAWQ1vBpKTyuVjz7zz8B+T2TDxNmiC1m9ShI8='
const FIRST_BOUND = ['org_1', 'conn_1']

let context: TestContext
let before: KeyedSealer
/** While both keys are known: the new one seals. */
let during: KeyedSealer
beforeEach(async () => {
  context = await testContext()
  before = await makeSealer(OLD, random)
  during = await makeSealer({ current: NEW, previous: [OLD] }, random)
})
afterEach(() => context.close())

async function connection(organisation_id: string, id: string, seal: Sealer, secret: string): Promise<void> {
  const sealed_credentials = await seal.seal(secret, [organisation_id, id])
  await context.store.inTenant(organisation_id, ({ tx, now }) =>
    tx.connection.create({
      data: {
        organisation_id,
        id,
        cloud: 'aws',
        account_id: id,
        name: id,
        settings: {},
        sealed_credentials,
        created_at: now(),
      },
    }),
  )
}

async function secretOf(organisation_id: string, id: string, seal: Sealer): Promise<string> {
  const row = await context.store.inTenant(organisation_id, ({ tx }) =>
    tx.connection.findUniqueOrThrow({ where: { id } }),
  )
  return seal.open(row.sealed_credentials, [organisation_id, id])
}

test('what the first version sealed opens still, under any of the keys', async () => {
  expect(await before.open(FIRST_VERSION, FIRST_BOUND)).toBe('kept')
  expect(await during.open(FIRST_VERSION, FIRST_BOUND)).toBe('kept')
  expect(during.isCurrent(FIRST_VERSION)).toBe(false)
  await expect(during.open(FIRST_VERSION, ['org_2', 'conn_1'])).rejects.toThrow('does not open')
})

test('everything sealed is sealed anew, for every tenant, and needs the old key no more', async () => {
  const { store, organisation_id: vendor } = context
  const reseller = await anotherTenant(context, 'Reseller')
  await checkKey({ store, seal: before })
  const person = await store.inInstallation((scope) =>
    makePerson({ seal: before, random }, scope, { name: 'Ada', email: 'ada@example.com' }),
  )
  for (let index = 0; index < 250; index += 1) {
    await connection(index % 2 === 0 ? vendor : reseller, `conn_${index}`, before, `secret ${index}`)
  }
  await connection(vendor, 'conn_new', during, 'sealed under the new key already')
  // Two settings, a person and 250 connections.
  expect(await reseal({ store, seal: during })).toEqual({ resealed: 253, failed: [] })
  expect(await reseal({ store, seal: during })).toEqual({ resealed: 0, failed: [] })
  const after = await makeSealer(NEW, random)
  for (const index of [0, 1, 99, 100, 101, 248, 249]) {
    expect(await secretOf(index % 2 === 0 ? vendor : reseller, `conn_${index}`, after)).toBe(
      `secret ${index}`,
    )
  }
  await checkKey({ store, seal: after })
  const row = await store.inInstallation(({ tx }) => tx.person.findUniqueOrThrow({ where: { id: person } }))
  expect(await profileOf({ seal: after, random }, row)).toEqual({ name: 'Ada', email: 'ada@example.com' })
  await expect(checkKey({ store, seal: before })).rejects.toThrow('does not open')
})

test('a letter that waits leaves under the new key, word for word', async () => {
  const { store, organisation_id } = context
  const sent: unknown[] = []
  const mail = { send: async (letter: unknown) => void sent.push(letter) }
  const letter = { to: 'ada@example.com', subject: 'An invitation', text: 'A link\n' }
  await store.inTenant(organisation_id, (scope) =>
    queueLetter({ mail, seal: before }, scope, 'inv_1', letter),
  )
  expect(await reseal({ store, seal: during })).toEqual({ resealed: 1, failed: [] })
  const after = { ...context, mail, seal: await makeSealer(NEW, random) }
  await tick(
    after,
    everyKind((item) => sendLetter(after, item)),
    'test',
  )
  expect(sent).toMatchObject([letter])
})

test('what is changed while it is sealed anew keeps the change', async () => {
  const { store, organisation_id } = context
  await connection(organisation_id, 'conn_1', before, 'old')
  const changing: KeyedSealer = {
    ...during,
    async open(sealed, bound_to) {
      const plain = await during.open(sealed, bound_to)
      const sealed_credentials = await during.seal('changed meanwhile', [organisation_id, 'conn_1'])
      await store.inTenant(organisation_id, ({ tx }) =>
        tx.connection.update({ where: { id: 'conn_1' }, data: { sealed_credentials } }),
      )
      return plain
    },
  }
  expect(await reseal({ store, seal: changing })).toEqual({ resealed: 0, failed: [] })
  expect(await secretOf(organisation_id, 'conn_1', during)).toBe('changed meanwhile')
})

test('a ciphertext that was moved to another tenant or connection is not sealed anew but named', async () => {
  const { store, organisation_id: vendor } = context
  const reseller = await anotherTenant(context, 'Reseller')
  await connection(vendor, 'conn_1', before, 'the vendor’s own')
  await connection(vendor, 'conn_2', before, 'another')
  await connection(reseller, 'conn_3', before, 'the reseller’s')
  const stolen = await store.inTenant(vendor, ({ tx }) =>
    tx.connection.findUniqueOrThrow({ where: { id: 'conn_1' } }),
  )
  const { sealed_credentials } = stolen
  await store.inTenant(reseller, ({ tx }) =>
    tx.connection.update({ where: { id: 'conn_3' }, data: { sealed_credentials } }),
  )
  await store.inTenant(vendor, ({ tx }) =>
    tx.connection.update({ where: { id: 'conn_2' }, data: { sealed_credentials } }),
  )
  for (const seal of [before, during]) {
    await expect(secretOf(reseller, 'conn_3', seal)).rejects.toThrow('does not open')
    await expect(secretOf(vendor, 'conn_2', seal)).rejects.toThrow('does not open')
  }
  const { resealed, failed } = await reseal({ store, seal: during })
  expect(resealed).toBe(1)
  expect(failed.map(({ place, id }) => `${place} ${id}`).sort()).toEqual([
    'connection.sealed_credentials conn_2',
    'connection.sealed_credentials conn_3',
  ])
})

test('every sealed column of the database is known to the rotation', async () => {
  const rows = await context.store.inInstallation(
    ({ tx }) => tx.$queryRaw<{ name: string }[]>`
      SELECT c.relname || '.' || a.attname AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      WHERE a.attname LIKE 'sealed%' AND c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace`,
  )
  const columns = places.filter(({ inside }) => inside === undefined)
  const known = [...columns.map(({ table, column }) => `${table}.${column}`), ...underKeysOfTheirOwn]
  expect(rows.map(({ name }) => name).sort()).toEqual(known.sort())
})
