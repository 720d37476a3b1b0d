// What files tell, kept: the latest version of each validity stands in whatever order and however often files come.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Description } from '../../connectors/connector.ts'
import { asOf, findParties, partyKey, describe as tell } from '../../src/descriptions/describe.ts'
import { accountsNamed, findDescriptions, insertDescriptions } from '../../src/descriptions/store.ts'
import type { Scope } from '../../src/store/index.ts'
import { type TestContext, testContext } from '../support/context.ts'

let context: TestContext
beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())

const tenant = <T>(work: (scope: Scope) => Promise<T>) =>
  context.store.inTenant(context.organisation_id, work)

const days = ['2026-01-01', '2026-02-01', '2026-03-01'] as const
const day = (on: string) => new Date(`${on}T00:00:00Z`)

type Row = { key: string; from: (typeof days)[number]; version: string; deleted: boolean; name: string }
const row = fc.record<Row>({
  key: fc.constantFrom('a', 'b'),
  from: fc.constantFrom(...days),
  version: fc.constantFrom('2026-04-01', '2026-04-02', '2026-04-03'),
  deleted: fc.boolean(),
  name: fc.constantFrom('One', 'Two'),
})

const account = ({ key, from, version, deleted, name }: Row): Description => ({
  kind: 'account',
  key,
  about: `about-${key}`,
  valid_from: day(from),
  version,
  deleted,
  values: { name, address: null },
})

/** The plain rule: of each key and validity the greatest by version; of two that contradict each other always the same. */
function expected(rows: readonly Row[]): string[] {
  const places = Map.groupBy(rows, ({ key, from }) => `${key} ${from}`)
  const rank = ({ version, deleted, name }: Row) => `${version} ${deleted ? 1 : 0} ${name}`
  return [...places]
    .flatMap(([place, versions]) => {
      const last = versions.toSorted((left, right) => (rank(left) < rank(right) ? -1 : 1)).at(-1)
      return last === undefined || last.deleted ? [] : [`${place} ${last.name}`]
    })
    .sort()
}

async function kept(connection_id: string): Promise<string[]> {
  const all = await tenant((scope) => findDescriptions(scope, ['account'], 'key', ['a', 'b']))
  return all
    .flatMap((one) =>
      one.kind === 'account' && one.connection_id === connection_id
        ? [`${one.key} ${one.valid_from.toISOString().slice(0, 10)} ${one.told.name}`]
        : [],
    )
    .sort()
}

let connections = 0

test('any order, any repetition and any parting into files leave the same', async () => {
  const files = fc.array(fc.array(row, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(files, fc.infiniteStream(fc.nat()), async (written, numbers) => {
      const again = [...written, ...written]
      const mixed = again
        .map((file) => ({ file, at: numbers.next().value ?? 0 }))
        .sort((left, right) => left.at - right.at)
        .map(({ file }) => file)
      connections += 1
      const connection_id = `conn_${connections}`
      let changed = 0
      for (const file of mixed)
        changed += await tenant((scope) => insertDescriptions(scope, connection_id, file.map(account)))
      expect(await kept(connection_id)).toEqual(expected(written.flat()))
      expect(changed).toBeGreaterThan(0)
      const once_more = await tenant((scope) =>
        insertDescriptions(scope, connection_id, mixed.flat().map(account)),
      )
      expect(once_more).toBe(0)
    }),
    { numRuns: 60 },
  )
})

describe('what stood at an instant', () => {
  const rows = days.map((from) => ({ from, valid_from: day(from) }))

  test.each([
    ['2025-12-31', '2026-01-01'],
    ['2026-01-01', '2026-01-01'],
    ['2026-02-15', '2026-02-01'],
    ['2026-07-01', '2026-03-01'],
  ])('on %s is what is valid from %s', (at, from) => {
    expect(asOf(rows, day(at))?.from).toBe(from)
  })

  test('is nothing where nothing was ever told', () => {
    expect(asOf([], day('2026-01-01'))).toBeUndefined()
  })
})

const shared = { valid_from: day('2026-01-01'), version: '2026-01-02', deleted: false }
const told: Description[] = [
  {
    ...shared,
    kind: 'account',
    key: 'feed-1',
    about: '111111111111',
    values: { name: 'Maker', address: 'ad-1' },
  },
  {
    ...shared,
    kind: 'account',
    key: 'feed-2',
    about: '222222222222',
    values: { name: null, address: 'ad-2' },
  },
  {
    ...shared,
    kind: 'address',
    key: 'ad-2',
    about: 'ad-2',
    values: { company: 'Buyer AG', country: 'DE', region: 'BE', city: 'Berlin' },
  },
  {
    ...shared,
    kind: 'product',
    key: 'prod-1',
    about: 'prod-1',
    values: { title: 'Ledger', maker: 'feed-1' },
  },
  {
    ...shared,
    kind: 'offer',
    key: 'o/1',
    about: 'offer-1',
    values: { revision: '00000001', name: 'First name' },
  },
  {
    ...shared,
    kind: 'offer',
    key: 'o/2',
    about: 'offer-1',
    valid_from: day('2026-02-01'),
    values: { revision: '00000002', name: 'Second name' },
  },
  {
    ...shared,
    kind: 'offer_product',
    key: 'o/2/p',
    about: 'offer-1',
    values: { revision: '00000002', product_id: 'prod-1' },
  },
  { ...shared, kind: 'alias', key: 'x', about: 'offer-old', values: { id: 'offer-1' } },
]

test('an id of earlier days leads to the offer of today, in its revision of then, with product and maker', async () => {
  await tenant((scope) => insertDescriptions(scope, 'conn_told', told))
  const asked = (id: string, at: string, connection_id = 'conn_told') => ({
    id,
    connection_id,
    agreement_id: null,
    offer_id: 'offer-old',
    at: day(at),
  })
  const found = await tenant((scope) =>
    tell(scope, [
      asked('then', '2026-01-15'),
      asked('now', '2026-02-15'),
      asked('elsewhere', '2026-02-15', 'conn_other'),
    ]),
  )
  expect(found.get('then')).toMatchObject({ offer_id: 'offer-1', offer: 'First name' })
  expect(found.get('now')).toMatchObject({
    offer: 'Second name',
    products: [
      { product_id: 'prod-1', title: 'Ledger', maker: { account_id: '111111111111', name: 'Maker' } },
    ],
  })
  expect(found.has('elsewhere')).toBe(false)
})

test('an account without a legal name is called as the company at its address, and is found by its name', async () => {
  await tenant((scope) => insertDescriptions(scope, 'conn_told', told))
  const parties = await tenant((scope) =>
    findParties(scope, [{ connection_id: 'conn_told', account_id: '222222222222' }]),
  )
  expect(parties.get(partyKey('conn_told', '222222222222'))).toEqual({
    account_id: '222222222222',
    name: 'Buyer AG',
    country: 'DE',
    region: 'BE',
    city: 'Berlin',
  })
  expect(await tenant((scope) => accountsNamed(scope, 'mAkE', 10))).toEqual(['111111111111'])
  expect(await tenant((scope) => accountsNamed(scope, '%', 10))).toEqual([])
})
