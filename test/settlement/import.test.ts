import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  agree,
  columns,
  contract,
  exceptions,
  file,
  pullAndImport,
  type Row,
  type World,
  world,
} from './support.ts'

let vendor: World
beforeEach(async () => {
  vendor = await world()
})
afterEach(() => vendor.context.close())

const sale: Row = {
  key: 'b1',
  kind: 'sale',
  stage: 'invoiced',
  amount: '100.00',
  agreement: 'agmt-agr_a1',
  on: '2026-02-01',
}

function lines() {
  return vendor.tenant(({ tx }) =>
    tx.statement_line.findMany({ orderBy: [{ key: 'asc' }, { version: 'asc' }] }),
  )
}
function statements() {
  return vendor.tenant(({ tx }) => tx.statement.findMany({ orderBy: { name: 'desc' } }))
}
async function put(name: string, text: string) {
  vendor.cloud.files.set(name, text)
  await pullAndImport(vendor.context, vendor.context.organisation_id, vendor.connection_id)
}

test('a good file: its bytes are kept and its lines are there', async () => {
  await put('day.csv', file([sale, { ...sale, key: 'b2', kind: 'listing_fee', amount: '-3.00' }]))
  expect(await statements()).toMatchObject([
    { state: 'imported', lines_read: 2, lines_new: 2, format: 'plain' },
  ])
  expect(await lines()).toMatchObject([
    { key: 'b1', current: true, minor: 10_000n, asset: 'USD/2' },
    { key: 'b2', current: true, minor: -300n },
  ])
  const [kept] = await statements()
  expect(await vendor.context.blobs.get(kept?.sha256 ?? '')).toBeDefined()
})

test('the same file again, also under another name, changes nothing', async () => {
  await put('day.csv', file([sale]))
  await put('day.csv', file([sale]))
  await put('copy.csv', file([sale]))
  expect(await statements()).toMatchObject([{ lines_new: 1 }, { lines_new: 0 }])
  expect(await lines()).toHaveLength(1)
})

test('a restated row supersedes its older self and both stay visible, whatever order the files come in', async () => {
  await put('new.csv', file([{ ...sale, version: '2', amount: '90.00' }]))
  await put('old.csv', file([{ ...sale, version: '1' }]))
  await put('newest.csv', file([{ ...sale, version: '3', amount: '80.00' }]))
  expect(await lines()).toMatchObject([
    { version: '1', current: false },
    { version: '2', current: false },
    { version: '3', current: true, minor: 8_000n },
  ])
})

test('a file longer than one chunk is written whole', async () => {
  const many = Array.from({ length: 2345 }, (_, index) => ({ ...sale, key: `b${index}` }))
  await put('long.csv', file(many))
  expect(await statements()).toMatchObject([{ state: 'imported', lines_read: 2345, lines_new: 2345 }])
  expect(await lines()).toHaveLength(2345)
})

test.each([
  ['cut in half', file([sale, { ...sale, key: 'b2' }]).slice(0, -30), 3, null, /has \d+ values/],
  ['without its last line end', file([sale]).slice(0, -1), 2, null, /no line end/],
  ['with a quote that never ends', file([sale]).replace('b1', '"b1'), 2, null, /quoted value has no end/],
  [
    'without a column',
    file(
      [sale],
      columns.map((name) => (name === 'amount' ? 'sum' : name)),
    ),
    1,
    'amount',
    /missing/,
  ],
  ['with a bad number', file([sale, { ...sale, key: 'b2', amount: '1.2.3' }]), 3, 'amount', /no number/],
  ['empty', '', 1, null, /empty/],
])('a file %s is refused whole, with row, column and fix', async (_what, text, row, column, rule) => {
  await put('bad.csv', text)
  expect(await lines()).toEqual([])
  expect(await statements()).toMatchObject([
    { state: 'refused', problem: { row, column, rule: expect.stringMatching(rule) } },
  ])
  expect(await exceptions(vendor)).toMatchObject([{ kind: 'statement_refused' }])
  await put('bad.csv', file([sale]))
  expect(await exceptions(vendor)).toEqual([])
  expect(await lines()).toHaveLength(1)
})

test('a deleted row is kept and counts no more', async () => {
  await agree(vendor, 'agr_a1', contract(['2026-02-01', '100.00']))
  await vendor.write('day.csv', [sale])
  expect((await vendor.reconciled('agr_a1')).invoiced).toBe(10_000n)
  await vendor.write('later.csv', [{ ...sale, version: '2', deleted: 'yes' }])
  expect((await vendor.reconciled('agr_a1')).invoiced).toBe(0n)
  expect(await vendor.balance('receivable')).toEqual({})
  expect(await lines()).toHaveLength(2)
})

test('what the cloud counted is read, and a restated day replaces the old one', async () => {
  const day: Row = {
    kind: 'usage_reading',
    agreement: 'agmt-agr_a1',
    dimension: 'calls',
    on: '2026-01-03',
    amount: '10',
  }
  await put('usage.csv', file([day, { ...day, on: '2026-01-04' }]))
  await put('usage.csv', file([{ ...day, amount: '12' }]))
  const read = await vendor.tenant(({ tx }) => tx.usage_reading.findMany({ orderBy: { on_date: 'asc' } }))
  expect(read.map(({ on_date, quantity }) => [on_date, quantity.toFixed()])).toEqual([
    ['2026-01-03', '12'],
    ['2026-01-04', '10'],
  ])
})

test('a report that says what the last one said is passed over; one that goes back to earlier words is read', async () => {
  const day: Row = {
    kind: 'usage_reading',
    agreement: 'agmt-agr_a1',
    dimension: 'calls',
    on: '2026-01-03',
    amount: '10',
  }
  const counted = async () => {
    const read = await vendor.tenant(({ tx }) => tx.usage_reading.findMany({}))
    return read.map(({ quantity, statement_id }) => ({ quantity: quantity.toFixed(), statement_id }))
  }
  await put('monday.csv', file([day]))
  const [monday] = await counted()
  await put('tuesday.csv', file([day]))
  expect((await statements())[0]).toMatchObject({ name: 'tuesday.csv', state: 'imported', lines_new: 0 })
  expect(await counted()).toEqual([monday])
  await put('wednesday.csv', file([{ ...day, amount: '12' }]))
  expect(await counted()).toMatchObject([{ quantity: '12' }])
  await put('xmas.csv', file([day]))
  expect(await counted()).toMatchObject([{ quantity: '10' }])
})

test('a file that is none of the formats is set aside', async () => {
  await put('other.csv', file([sale]))
  expect(await statements()).toMatchObject([{ state: 'ignored' }])
})
