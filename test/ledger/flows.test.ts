// Months: what was booked, invoiced, collected and disbursed, before it is rolled up and after.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { flows, post, recipes } from '../../src/ledger/index.ts'
import { checkBooks } from '../../src/ledger/recompute.ts'
import { rollUp } from '../../src/ledger/roll-up.ts'
import type { Scope } from '../../src/store/index.ts'
import { type TestContext, testContext } from '../support/context.ts'
import { book, usd } from './books.ts'

let context: TestContext
beforeEach(async () => {
  context = await testContext({ start: '2026-03-20T10:00:00.000Z' })
  await asked(async (scope) => {
    await agreement(scope, 'agr_acme', 'aws')
    await agreement(scope, 'agr_hooli', 'gcp')
  })
})
afterEach(() => context.close())

const asked = <T>(work: (scope: Scope) => Promise<T>) => context.store.inTenant(context.organisation_id, work)

async function agreement({ tx, organisation_id, now }: Scope, id: string, cloud: string): Promise<void> {
  await tx.agreement.create({
    data: {
      organisation_id,
      id,
      connection_id: `conn_${cloud}`,
      cloud,
      cloud_agreement_id: `cloud-${id}`,
      role: 'seller',
      state: 'active',
      cloud_state: 'ACTIVE',
      buyer_account_id: 'buyer',
      seller_account_id: 'seller',
      terms: {},
      entitlements: [],
      evidence: {},
      created_at: now(),
      updated_at: now(),
    },
  })
}

const of = (agreement_id: string, key: string, day: string, amount: string) => ({
  key,
  agreement_id,
  amount: usd(amount),
  occurred_at: new Date(`${day}T12:00:00.000Z`),
  evidence: {},
})

/** One instalment from its acceptance to its pay-out, with its fee, and another deal on another cloud. */
async function live(): Promise<void> {
  const pay = { disbursement_key: 'pay' }
  await book(
    context,
    recipes.offerAccepted(of('agr_acme', 'a', '2026-01-10', '12000.00')),
    recipes.offerAccepted(of('agr_hooli', 'h', '2026-01-31', '500.50')),
    recipes.saleExpected({
      ...of('agr_acme', 'i', '2026-02-01', '6000.00'),
      income: 'contract',
      releases: usd('6000.00'),
    }),
    recipes.feeExpected({ ...of('agr_acme', 'i', '2026-02-01', '180.00'), cloud: 'aws' }),
    recipes.saleInvoiced(of('agr_acme', 's', '2026-02-02', '6000.00')),
    recipes.feeInvoiced(of('agr_acme', 'f', '2026-02-02', '-180.00')),
    recipes.collected(of('agr_acme', 's', '2026-03-01', '6000.00')),
    recipes.collected(of('agr_acme', 'f', '2026-03-01', '-180.00')),
    recipes.disbursed({ ...of('agr_acme', 's', '2026-03-15', '6000.00'), ...pay }),
    recipes.disbursed({ ...of('agr_acme', 'f', '2026-03-15', '-180.00'), ...pay }),
    recipes.banked({ ...of('agr_acme', 'b', '2026-03-17', '5820.00'), ...pay, bank: 'main' }),
  )
}

const LIVED = [
  '2026-01 booked aws 1200000',
  '2026-01 booked gcp 50050',
  '2026-02 invoiced aws 582000',
  '2026-03 collected aws 582000',
  '2026-03 disbursed aws 582000',
]

const told = async (from = '2026-01') =>
  (await asked((scope) => flows(scope, from))).map(
    ({ month, flow, cloud, amount }) => `${month} ${flow} ${cloud} ${amount}`,
  )

test('each month says what was booked, and what of it came after fees; rolled up it says the same', async () => {
  await live()
  expect(await told()).toEqual(LIVED)
  expect(await asked((scope) => rollUp(scope, 4))).toBe(4)
  expect(await told()).toEqual(LIVED)
  await asked((scope) => rollUp(scope))
  expect(await told()).toEqual(LIVED)
  expect(await told('2026-03')).toEqual(LIVED.slice(3))
  expect((await asked(checkBooks)).ok).toBe(true)
})

test('an instalment that falls due is no negative booking, and a correction takes a booking back', async () => {
  await live()
  const accepted = recipes.offerAccepted(of('agr_hooli', 'h', '2026-01-31', '500.50'))
  if (accepted === null) throw new Error('There is an entry')
  const event = { occurred_at: new Date('2026-03-18T12:00:00Z'), evidence: {} }
  await asked((scope) => post(scope, [recipes.correction(accepted, event)]))
  await asked((scope) => rollUp(scope))
  expect(await told('2026-02')).toEqual(
    [LIVED[2], '2026-03 booked gcp -50050', ...LIVED.slice(3)].sort(byMonth),
  )
})

function byMonth(left = '', right = ''): number {
  const place = (line: string) => line.replace(/^(\S+) (\S+) (\S+).*$/, '$1 $3 $2')
  return place(left) < place(right) ? -1 : 1
}

test('a refund of an invoice counts against the month it came in', async () => {
  await live()
  await book(context, recipes.refundInvoiced(of('agr_acme', 'r', '2026-03-10', '-1000.00')))
  expect(await told('2026-03')).toContain('2026-03 invoiced aws -100000')
})

test('a month that somebody changed is found and named', async () => {
  await live()
  await asked((scope) => rollUp(scope))
  const found = await asked(async (scope) => {
    await scope.tx.month_flow.updateMany({ where: { flow: 'collected' }, data: { amount: { increment: 1 } } })
    return checkBooks(scope)
  })
  expect(found.assertions.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`)).toEqual([
    'months_equal_recomputed: collected on aws in 2026-03 in USD/2: the month says 582001, the postings say 582000 (minor units).',
  ])
})
