// Statements, lines, expectations, differences and reconciliations as lists, and a cent traced from wherever it is met.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { settlementRoutes } from '../../src/settlement/index.ts'
import { anotherTenant, door } from '../ledger/books.ts'
import { accepted, agree, contract, type Row, usageTerms, type World, world } from './support.ts'

let vendor: World
let mine: ReturnType<typeof door>
let stranger: ReturnType<typeof door>
beforeEach(async () => {
  vendor = await world()
  mine = door(settlementRoutes(vendor.context), vendor.context.organisation_id)
  stranger = door(settlementRoutes(vendor.context), await anotherTenant(vendor.context, 'Stranger'))
})
afterEach(() => vendor.context.close())

type Item = Record<string, unknown> & { id: string }
type Page = { items: Item[]; next: string | null; total?: Record<string, unknown>[] }
async function list(path: string, from = mine): Promise<Item[]> {
  const { status, body } = await from.get(path)
  expect([path, status]).toEqual([path, 200])
  return (body as Page).items
}
const keys = (items: readonly Item[]) => items.map(({ key }) => key)

/** All items, two at a time. */
async function inPages(path: string): Promise<Item[]> {
  const found: Item[] = []
  let cursor = ''
  do {
    const { body } = await mine.get(`${path}${path.includes('?') ? '&' : '?'}limit=2${cursor}`)
    const { items, next } = body as Page
    found.push(...items)
    cursor = next === null ? '' : `&cursor=${next}`
  } while (cursor !== '')
  return found
}

const header = 'booked_on,value_on,amount,currency,reference,counterparty,description'

/** A month of usage and an instalment: invoiced, collected, paid out together, and at the bank. */
async function sold(): Promise<void> {
  await agree(vendor, 'agr_u1', usageTerms({ calls: '0.50' }))
  await agree(vendor, 'agr_c1', contract(['2026-02-01', '300.00']))
  await accepted(vendor, 'agr_u1', 'calls', '120', '2026-01-15T10:00:00Z')
  await accepted(vendor, 'agr_u1', 'calls', '80', '2026-01-16T11:00:00Z')
  const usage: Row = { agreement: 'agmt-agr_u1', on: '2026-02-03', from: '2026-01-01', until: '2026-01-31' }
  const sale: Row = {
    ...usage,
    key: 's1',
    kind: 'sale',
    stage: 'invoiced',
    amount: '100.00',
    invoice: 'INV-1',
  }
  const fee: Row = { ...usage, key: 'f1', kind: 'listing_fee', stage: 'invoiced', amount: '-3.00' }
  const part: Row = {
    key: 's2',
    kind: 'sale',
    stage: 'invoiced',
    agreement: 'agmt-agr_c1',
    on: '2026-02-02',
    amount: '290.00',
    invoice: 'INV-2',
  }
  const out = { stage: 'disbursed', disbursement: 'd1' }
  await vendor.write('feb.csv', [
    sale,
    fee,
    part,
    { ...sale, key: 's1c', stage: 'collected', parent: 's1' },
    { ...fee, key: 'f1c', stage: 'collected', parent: 'f1' },
    { ...sale, ...out, key: 's1d', parent: 's1', amount: '-100.00' },
    { ...fee, ...out, key: 'f1d', parent: 'f1', amount: '3.00' },
    {
      key: 'd1',
      kind: 'disbursement',
      stage: 'disbursed',
      amount: '97.00',
      trace: 'TRACE0001',
      on: '2026-02-07',
    },
  ])
  await vendor.bank(`${header}\n2026-02-09,2026-02-09,97.00,USD,TRACE0001,AMAZON,paid\n`)
}

const rowOf = (where: { key: string } | { kind: string }) =>
  vendor.tenant(({ tx }) => tx.statement_line.findFirstOrThrow({ where }))

test('statements: newest first, by name and by what they brought; found by what they are', async () => {
  await sold()
  await vendor.write('again.csv', [
    { key: 's1', kind: 'sale', stage: 'invoiced', amount: '100.00', on: '2026-02-03' },
  ])
  const names = (items: readonly Item[]) => items.map(({ name }) => name)
  expect(names(await list('/v1/statements'))).toEqual(['again.csv', 'bank.csv', 'feb.csv'])
  expect(names(await list('/v1/statements?sort=name'))).toEqual(['again.csv', 'bank.csv', 'feb.csv'])
  expect(names(await list('/v1/statements?sort=-lines_new'))[0]).toBe('feb.csv')
  expect(names(await list('/v1/statements?brought=nothing'))).toEqual(['again.csv'])
  expect(names(await list('/v1/statements?source=bank:main'))).toEqual(['bank.csv'])
  expect(names(await list(`/v1/statements?connection_id=${vendor.connection_id}`))).toHaveLength(2)
  expect(names(await list('/v1/statements?q=BANK'))).toEqual(['bank.csv'])
  expect(names(await inPages('/v1/statements?sort=-lines_new'))).toHaveLength(3)
})

test('lines of one statement: by kind, stage, state and agreement, by amount and by what they say', async () => {
  await sold()
  const [feb] = await list('/v1/statements?q=feb')
  const of = (query: string) => list(`/v1/statements/${feb?.id}/lines?${query}`)
  expect(keys(await of(''))).toEqual(['s1', 'f1', 's2', 's1c', 'f1c', 's1d', 'f1d', 'd1'])
  expect(keys(await of('kind=listing_fee&stage=invoiced'))).toEqual(['f1'])
  expect(keys(await of('state=exception'))).toEqual(['s2'])
  expect(keys(await of('agreement_id=agr_c1'))).toEqual(['s2'])
  expect(keys(await of('q=inv-2'))).toEqual(['s2'])
  expect(keys(await of('sort=-amount&stage=invoiced'))).toEqual(['s2', 's1', 'f1'])
  expect(keys(await inPages(`/v1/statements/${feb?.id}/lines?sort=amount`))).toEqual(
    keys(await of('sort=amount&limit=50')),
  )
})

test('lines of all statements: the newest first, by an amount whichever way it goes, by pay-out', async () => {
  await sold()
  expect((await list('/v1/reconciliation/lines'))[0]).toMatchObject({ kind: 'bank' })
  expect(keys(await list('/v1/reconciliation/lines?amount=3&sort=file'))).toEqual(['f1', 'f1c', 'f1d'])
  expect(keys(await list('/v1/reconciliation/lines?disbursement_key=d1&kind=sale'))).toEqual(['s1d'])
  expect(keys(await inPages('/v1/reconciliation/lines'))).toHaveLength(9)
  // An older version of a line is in its statement only.
  await vendor.write('mar.csv', [
    {
      key: 's2',
      version: '2',
      kind: 'sale',
      stage: 'invoiced',
      amount: '300.00',
      on: '2026-02-02',
      agreement: 'agmt-agr_c1',
    },
  ])
  expect(await list('/v1/reconciliation/lines?q=s2')).toMatchObject([{ version: '2' }])
})

test('lines, differences and trails say what people call the agreement; one of no offer has no name', async () => {
  await sold()
  const { organisation_id } = vendor.context
  await vendor.tenant(async ({ tx, now }) => {
    const data = {
      ...{ organisation_id, vendor_organisation_id: organisation_id, id: 'offer_c1', name: 'For Globex' },
      ...{ connection_id: vendor.connection_id, channel: 'direct', state: 'accepted', terms: {} },
      ...{ expires_on: '2026-02-01', buyer_account_ids: [], cloud_product_id: 'prod', problems: [] },
      ...{ created_at: now(), updated_at: now() },
    }
    await tx.offer.create({ data })
    await tx.agreement.updateMany({ where: { id: 'agr_c1' }, data: { offer_id: 'offer_c1' } })
  })
  const names = (items: readonly Item[]) => items.map(({ key, agreement_name }) => [key, agreement_name])
  expect(names(await list('/v1/reconciliation/lines?stage=invoiced&kind=sale&sort=file'))).toEqual([
    ['s1', null],
    ['s2', 'For Globex'],
  ])
  const [feb] = await list('/v1/statements?q=feb')
  expect(names(await list(`/v1/statements/${feb?.id}/lines?q=inv-2`))).toEqual([['s2', 'For Globex']])
  expect(await list('/v1/reconciliation/differences')).toMatchObject([
    { line: { agreement_name: 'For Globex' } },
  ])
  const { body } = await mine.get(`/v1/trace/${(await rowOf({ key: 's2' })).id}`)
  expect(body).toMatchObject({
    line: { agreement_name: 'For Globex' },
    invoices: [{ line: { agreement_name: 'For Globex' } }],
  })
})

test('expectations with the line that met them, and those that none has', async () => {
  await sold()
  await agree(vendor, 'agr_c2', contract(['2026-01-20', '40.00']))
  await vendor.match()
  const shown = (items: readonly Item[]) => items.map(({ kind, agreement_id }) => `${agreement_id} ${kind}`)
  expect(shown(await list('/v1/reconciliation/expectations?state=open'))).toEqual([
    'agr_c2 instalment',
    'agr_c2 fee',
    'agr_c1 fee',
  ])
  expect(await list('/v1/reconciliation/expectations?state=met&kind=instalment')).toMatchObject([
    {
      agreement_id: 'agr_c1',
      amount: { amount: '300.00' },
      received: { amount: '290.00' },
      line_id: (await rowOf({ key: 's2' })).id,
    },
  ])
  const all = await list('/v1/reconciliation/expectations?sort=-due_on')
  expect(shown(await inPages('/v1/reconciliation/expectations?sort=-due_on'))).toEqual(shown(all))
  expect(shown(await inPages('/v1/reconciliation/expectations')).reverse()).toEqual(shown(all))
})

test('differences with their causes, by agreement and by name', async () => {
  await sold()
  const [only, ...others] = await list('/v1/reconciliation/differences')
  expect(others).toEqual([])
  expect(only).toMatchObject({
    line: { key: 's2' },
    match: { expected: { amount: '300.00' }, received: { amount: '290.00' }, causes: [{ cause: 'unknown' }] },
    expectation: { kind: 'instalment' },
  })
  expect(await list('/v1/reconciliation/differences?cause=unknown&agreement_id=agr_c1')).toHaveLength(1)
  expect(await list('/v1/reconciliation/differences?cause=tax')).toEqual([])
  expect(await list('/v1/reconciliation/differences?agreement_id=agr_u1')).toEqual([])
})

test('reconciliations: by standing and by cause, in order, page by page, with totals of what is left', async () => {
  await sold()
  const of = (items: readonly Item[]) => items.map(({ agreement_id }) => agreement_id)
  expect(of(await list('/v1/reconciliation'))).toEqual(['agr_c1', 'agr_u1'])
  expect(of(await list('/v1/reconciliation?sort=-expected'))).toEqual(['agr_c1', 'agr_u1'])
  expect(of(await list('/v1/reconciliation?sort=difference'))).toEqual(['agr_u1', 'agr_c1'])
  expect(of(await list('/v1/reconciliation?state=settled'))).toEqual(['agr_u1'])
  expect(of(await list('/v1/reconciliation?state=unknown'))).toEqual(['agr_c1'])
  expect(of(await list('/v1/reconciliation?cause=unknown'))).toEqual(['agr_c1'])
  expect(of(await list('/v1/reconciliation?agreement_id=none'))).toEqual([])
  const { body } = await mine.get('/v1/reconciliation?agreement_id=agr_u1')
  expect(body).toMatchObject({
    items: [{ agreement: { cloud: 'aws', cloud_agreement_id: 'agmt-agr_u1', name: null } }],
    total: [{ expected: { amount: '97.00' }, banked: { amount: '97.00' } }],
  })
  const first = (await mine.get('/v1/reconciliation?limit=1&sort=-difference')).body as Page
  expect(of(first.items)).toEqual(['agr_c1'])
  expect(of(await list(`/v1/reconciliation?limit=1&sort=-difference&cursor=${first.next}`))).toEqual([
    'agr_u1',
  ])
  expect((await mine.get(`/v1/reconciliation?limit=1&cursor=${first.next}`)).status).toBe(422)
})

type Traced = {
  start: { kind: string }
  bank: { entries: { kind: string }[] }[]
  disbursements: { key: string }[]
  invoices: {
    line: { key: string; entries: { kind: string }[] }
    expectation: { id: string; hours: unknown[] | null; entries: { reference: string }[] } | null
    disbursed: { key: string; entries: { kind: string }[] }[]
  }[]
  open: { key: string; entries: { reference: string }[] }[]
}
async function traced(id: string): Promise<Traced> {
  const { status, body } = await mine.get(`/v1/trace/${encodeURIComponent(id)}`)
  expect([id, status]).toEqual([id, 200])
  return body as Traced
}

test('a cent is traced from the bank, from an entry, from what was expected and from reported usage', async () => {
  await sold()
  const bank = await rowOf({ kind: 'bank' })
  const whole = await traced(bank.id)
  expect(whole.disbursements).toMatchObject([{ key: 'd1' }])
  expect(whole.bank).toMatchObject([{ entries: [{ kind: 'banked' }] }])
  const [sale, fee] = whole.invoices
  expect(sale).toMatchObject({
    line: { key: 's1', entries: [{ kind: 'sale_invoiced' }] },
    disbursed: [{ key: 's1d', entries: [{ kind: 'disbursed' }] }],
    expectation: {
      hours: [
        { hour: '2026-01-15T10:00:00.000Z', quantity: '120', amount: '60' },
        { hour: '2026-01-16T11:00:00.000Z', quantity: '80', amount: '40' },
      ],
      entries: [{ reference: 'sale_expected:usage:agr_u1:2026-01:calls' }],
    },
  })
  expect(fee).toMatchObject({ line: { key: 'f1' } })
  const record = await vendor.tenant(({ tx }) => tx.usage_record.findFirstOrThrow())
  const booked = await vendor.tenant(({ tx }) =>
    tx.entry.findFirstOrThrow({ where: { reference: { startsWith: 'disbursed:' } }, orderBy: { id: 'asc' } }),
  )
  for (const [id, kind] of [
    [booked.id, 'entry'],
    [sale?.expectation?.id ?? '', 'expectation'],
    ['usage:agr_u1:2026-01:calls', 'expectation'],
    [record.id, 'usage_record'],
  ] as const) {
    const found = await traced(id)
    expect([id, found.start.kind, found.invoices[0]?.line.key]).toEqual([id, kind, 's1'])
    expect(found).toMatchObject({ bank: [{ id: bank.id }], disbursements: [{ key: 'd1' }] })
  }
})

test('what was expected and is not invoiced is traced to what it was booked with', async () => {
  await sold()
  await agree(vendor, 'agr_c2', contract(['2026-01-20', '40.00']))
  await vendor.match()
  const found = await traced('instalment:agr_c2:1:2026-01-20')
  expect(found.invoices).toEqual([])
  expect(found.open.map(({ key }) => key)).toEqual([
    'instalment:agr_c2:1:2026-01-20',
    'fee:instalment:agr_c2:1:2026-01-20',
  ])
  expect(found.open[0]?.entries).toMatchObject([
    { reference: 'sale_expected:instalment:agr_c2:1:2026-01-20' },
  ])
})

test('a correction is traced to the line whose booking it takes back', async () => {
  await sold()
  await vendor.write('mar.csv', [
    {
      key: 's2',
      version: '2',
      kind: 'sale',
      stage: 'invoiced',
      amount: '300.00',
      on: '2026-02-02',
      agreement: 'agmt-agr_c1',
    },
  ])
  const correction = await vendor.tenant(({ tx }) =>
    tx.entry.findFirstOrThrow({ where: { kind: 'correction' } }),
  )
  expect((await traced(correction.id)).invoices[0]?.line.key).toBe('s2')
})

test.each(['line_0000', 'entry_0000', 'rec_0000', 'match_0000', 'instalment:agr_none:1:2026-01-20'])(
  '%s leads nowhere',
  async (id) => {
    expect((await mine.get(`/v1/trace/${id}`)).status).toBe(404)
  },
)

test('another tenant sees none of it', async () => {
  await sold()
  const bank = await rowOf({ kind: 'bank' })
  for (const path of ['lines', 'differences', 'expectations']) {
    expect(await list(`/v1/reconciliation/${path}`, stranger)).toEqual([])
  }
  for (const id of [bank.id, 'usage:agr_u1:2026-01:calls']) {
    expect((await stranger.get(`/v1/trace/${id}`)).status).toBe(404)
  }
})
