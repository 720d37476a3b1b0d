import { Hono } from 'hono'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { problemBody, problemCodes, Refusal } from '../../src/core/problem.ts'
import type { DoorEnv } from '../../src/door/index.ts'
import { exceptionRoutes, openException } from '../../src/exceptions/index.ts'
import { settlementRoutes } from '../../src/settlement/index.ts'
import { anotherTenant } from '../ledger/books.ts'
import { callerFor } from '../support/caller.ts'
import { accepted, agree, file, importAll, type Row, usageTerms, type World, world } from './support.ts'

let vendor: World
let door: Hono<DoorEnv>
let stranger: Hono<DoorEnv>
beforeEach(async () => {
  vendor = await world()
  door = doorOf(vendor.context.organisation_id)
  stranger = doorOf(await anotherTenant(vendor.context, 'Stranger'))
})
afterEach(() => vendor.context.close())

function doorOf(organisation_id: string): Hono<DoorEnv> {
  const app = new Hono<DoorEnv>()
  app.use(async (context, next) => {
    context.set('caller', callerFor(organisation_id))
    await next()
  })
  app.route('/', settlementRoutes(vendor.context))
  app.route('/', exceptionRoutes(vendor.context))
  app.onError((error, context) => {
    if (!(error instanceof Refusal)) throw error
    return context.json(problemBody(error.code, error.message, error.errors), problemCodes[error.code][0])
  })
  return app
}

type Body = Record<string, unknown> & { items: Record<string, unknown>[] }
async function call(path: string, init?: RequestInit, from = door): Promise<{ status: number; body: Body }> {
  const response = await from.request(path, init)
  return { status: response.status, body: (await response.json()) as Body }
}
const csv = (body: string): RequestInit => ({ method: 'POST', headers: { 'content-type': 'text/csv' }, body })

const header = 'booked_on,value_on,amount,currency,reference,counterparty,description'
const good = `${header},branch\n2026-02-09,2026-02-09,10.00,USD,TRACE0001,AMAZON,"paid, out",7\n`
const bankUrl = '/v1/statements?source=bank&bank_account=main&name=feb.csv'

test('a bank statement by hand: taken once, imported, its lines with every column', async () => {
  const first = await call(bankUrl, csv(good))
  expect(first).toMatchObject({
    status: 201,
    body: { state: 'received', source: 'bank:main', name: 'feb.csv' },
  })
  expect(await call(bankUrl, csv(good))).toMatchObject({ status: 200, body: { id: first.body.id } })
  await importAll(vendor.context, vendor.context.organisation_id)
  const { body } = await call(`/v1/statements/${first.body.id}/lines`)
  expect(body.items).toMatchObject([
    {
      kind: 'bank',
      amount: { currency: 'USD', amount: '10' },
      raw: { branch: '7', description: 'paid, out' },
    },
  ])
  expect((await call('/v1/statements')).body.items).toMatchObject([{ id: first.body.id, state: 'imported' }])
})

test('two bookings that look alike are two, and overlapping statements do not double them', async () => {
  const line = '2026-02-09,2026-02-09,5.00,USD,fee,BANK,charge\n'
  await call(bankUrl, csv(`${header}\n${line}${line}`))
  await call(bankUrl, csv(`${header}\n${line}${line}2026-02-10,2026-02-10,6.00,USD,x,Y,z\n`))
  await importAll(vendor.context, vendor.context.organisation_id)
  expect(await vendor.tenant(({ tx }) => tx.statement_line.count())).toBe(3)
})

test('a form with the file does the same, and so does a cloud’s file with its connection', async () => {
  const form = new FormData()
  form.set('file', new File([good], 'february.csv', { type: 'text/csv' }))
  const bank = await call('/v1/statements?source=bank&bank_account=main', { method: 'POST', body: form })
  expect(bank).toMatchObject({ status: 201, body: { name: 'february.csv' } })
  const row: Row = { key: 'b1', kind: 'sale', stage: 'invoiced', amount: '1.00', on: '2026-02-01' }
  const cloud = await call(
    `/v1/statements?connection_id=${vendor.connection_id}&name=day.csv`,
    csv(file([row]).trim()),
  )
  expect(cloud).toMatchObject({ status: 201, body: { connection_id: vendor.connection_id } })
})

test.each([
  ['a missing column', good.replace('reference', 'ref'), 'row 1, reference'],
  ['a bad amount', good.replace('10.00', 'ten'), 'row 2, amount'],
  ['too many digits', good.replace('10.00', '10.001'), 'row 2, amount'],
  ['a date that is none', good.replace('2026-02-09,2026', '2026-02-30,2026'), 'row 2, booked_on'],
  ['a currency nobody knows', good.replace('USD', 'XXX'), 'row 2, currency'],
  ['half a row', good.slice(0, -30), 'row 2'],
  ['nothing', '', 'row 1'],
])('%s answers 422 and names the place and the fix', async (_what, text, field) => {
  const { status, body } = await call(bankUrl, csv(text))
  expect(status).toBe(422)
  expect(body.errors).toMatchObject([{ field, fix: expect.stringMatching(/\w/) }])
  const kept = (await call('/v1/statements?state=refused')).body.items
  expect(kept).toHaveLength(1)
  const again = await call(`/v1/statements/${kept[0]?.id}/retry`, { method: 'POST' })
  expect(again).toMatchObject({ status: 200, body: { state: 'received', problem: null } })
})

test('a file of nobody, of both, or without its account is refused', async () => {
  expect((await call('/v1/statements', csv(good))).status).toBe(422)
  expect((await call('/v1/statements?source=bank', csv(good))).status).toBe(422)
  expect((await call(`/v1/statements?connection_id=conn_x&bank_account=main`, csv(good))).status).toBe(422)
  expect((await call('/v1/statements?connection_id=conn_unknown', csv(good))).status).toBe(404)
})

test('a cent is followed from the bank to the usage behind it, and reconciled on the way', async () => {
  await agree(vendor, 'agr_a1', usageTerms({ calls: '0.50' }))
  await accepted(vendor, 'agr_a1', 'calls', '200')
  const shared: Row = { agreement: 'agmt-agr_a1', on: '2026-02-03', from: '2026-01-01', until: '2026-01-31' }
  const sale: Row = { ...shared, key: 's1', kind: 'sale', stage: 'invoiced', amount: '100.00' }
  const fee: Row = { ...shared, key: 'f1', kind: 'listing_fee', stage: 'invoiced', amount: '-3.00' }
  const out = { stage: 'disbursed', disbursement: 'd1' }
  await vendor.write('feb.csv', [
    sale,
    fee,
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
  await vendor.bank(good.replace('10.00', '97.00'))
  const { body } = await call('/v1/reconciliation')
  expect(body).toMatchObject({
    items: [
      {
        agreement_id: 'agr_a1',
        expected: { amount: '97.00' },
        banked: { amount: '97.00' },
        causes: [],
        explained: true,
      },
    ],
    total: [{ currency: 'USD', difference: { amount: '0.00' }, explained: true }],
  })
  const bank = await vendor.tenant(({ tx }) =>
    tx.statement_line.findFirstOrThrow({ where: { kind: 'bank' } }),
  )
  const trail = await call(`/v1/trace/${bank.id}`)
  expect(trail.body).toMatchObject({
    line: { kind: 'bank' },
    disbursements: [{ key: 'd1' }],
    invoices: [
      {
        line: { key: 's1' },
        match: { causes: [], entries: ['sale_invoiced:conn_vendor01/s1/1'] },
        expectation: { kind: 'usage', dimension: 'calls', arithmetic: { quantity: '200', price: '0.5' } },
        collected: [{ key: 's1c' }],
        disbursed: [{ key: 's1d' }],
      },
      { line: { key: 'f1' }, expectation: { kind: 'fee' } },
    ],
  })
  const invoice = await vendor.tenant(({ tx }) =>
    tx.statement_line.findFirstOrThrow({ where: { key: 's1' } }),
  )
  const back = await call(`/v1/trace/${invoice.id}`)
  expect(back.body).toMatchObject({ bank: [{ id: bank.id }], disbursements: [{ key: 'd1' }] })
})

test('an exception is resolved once, with a note, and does not come back for the same reason', async () => {
  const draft = { kind: 'other' as const, subject_id: 'x', sentence: 'Something is odd.', fix: 'Look at it.' }
  await vendor.tenant((scope) => openException(scope, draft))
  const [open] = (await call('/v1/exceptions?state=open')).body.items
  expect(open).toMatchObject({ kind: 'other', sentence: 'Something is odd.', age_days: 0 })
  const note = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"note":"It is fine"}',
  }
  expect(await call(`/v1/exceptions/${open?.id}/resolve`, note)).toMatchObject({
    status: 200,
    body: { note: 'It is fine' },
  })
  expect((await call(`/v1/exceptions/${open?.id}/resolve`, note)).status).toBe(409)
  await vendor.tenant((scope) => openException(scope, draft))
  expect((await call('/v1/exceptions?state=open')).body.items).toEqual([])
  await vendor.tenant((scope) => openException(scope, { ...draft, sentence: 'Now it is worse.' }))
  expect((await call('/v1/exceptions?state=open')).body.items).toMatchObject([{ note: null }])
})

test('another tenant sees nothing of it', async () => {
  const { body } = await call(bankUrl, csv(good))
  await importAll(vendor.context, vendor.context.organisation_id)
  const line = await vendor.tenant(({ tx }) => tx.statement_line.findFirstOrThrow())
  for (const path of [
    `/v1/statements/${body.id}`,
    `/v1/statements/${body.id}/lines`,
    `/v1/trace/${line.id}`,
  ]) {
    expect((await call(path, undefined, stranger)).status).toBe(404)
  }
  expect((await call(`/v1/statements/${body.id}/retry`, { method: 'POST' }, stranger)).status).toBe(404)
  for (const path of ['/v1/statements', '/v1/exceptions', '/v1/reconciliation']) {
    expect((await call(path, undefined, stranger)).body.items).toEqual([])
  }
})
