// Whatever a cloud writes: expected − received is the sum of named causes, and the ledger says the same as the lines.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Agreement } from '../../src/agreements/model.ts'
import { instalmentsAhead, instalmentsDue } from '../../src/settlement/expected.ts'
import { explainAgreement } from '../../src/settlement/match.ts'
import type { Expectation, Line } from '../../src/settlement/model.ts'
import { reconcile } from '../../src/settlement/reconcile.ts'
import { agree, contract, dollars, type Row, rules, world } from './support.ts'

const terms = contract(['2026-01-05', '1000.00'], ['2026-02-05', '333.33'], ['2026-06-05', '250.00'])
const agreement: Agreement = {
  organisation_id: 'org_1',
  id: 'agr_a1',
  connection_id: 'conn_1',
  cloud: 'aws',
  cloud_agreement_id: 'agmt-agr_a1',
  cloud_offer_id: null,
  cloud_authorization_id: null,
  replaces_agreement_id: null,
  cloud_product_id: null,
  product_code: null,
  license: null,
  plan: null,
  product_id: null,
  deal_id: null,
  offer_id: null,
  authorization_id: null,
  role: 'seller',
  state: 'active',
  cloud_state: 'ACTIVE',
  buyer_account_id: '2',
  seller_account_id: '1',
  currency: 'USD',
  terms,
  wholesale: null,
  accepted_at: new Date('2026-01-01T00:00:00Z'),
  starts_at: null,
  ends_at: null,
  ended_at: null,
  signed_up_at: null,
  cloud_updated_at: null,
}

const amounts = fc.oneof(
  fc.constantFrom(100_000n, 33_333n, 25_000n, -3_000n, -1_000n, -3_500n, -750n),
  fc.bigInt(-200_000n, 200_000n),
)
const kinds = fc.constantFrom(
  'sale',
  'listing_fee',
  'wholesale_cost',
  'tax',
  'refund',
  'balance_adjustment',
  'unknown',
)
const days = fc.constantFrom('2026-01-05', '2026-01-20', '2026-02-05', '2026-02-07')
const made = fc.array(fc.record({ kind: kinds, minor: amounts, on: days, monthly: fc.boolean() }), {
  maxLength: 12,
})

function line(
  { kind, minor, on, monthly }: { kind: Line['kind']; minor: bigint; on: string; monthly: boolean },
  index: number,
): Line {
  return {
    id: `line_${index}`,
    statement_id: 'stmt_1',
    connection_id: 'conn_1',
    source: 'conn_1',
    key: `k${index}`,
    version: '1',
    current: true,
    deleted: false,
    kind,
    stage: 'invoiced',
    currency: 'USD',
    asset: 'USD/2',
    minor,
    cloud_agreement_id: 'agmt-agr_a1',
    plan: null,
    dimension: null,
    invoice_id: null,
    parent_key: null,
    disbursement_key: null,
    paid_asset: null,
    paid_minor: null,
    bank_reference: null,
    occurred_at: new Date(`${on}T08:00:00Z`),
    period_starts_on: monthly ? `${on.slice(0, 7)}-01` : on,
    period_ends_on: monthly ? `${on.slice(0, 7)}-28` : on,
    counts: true,
    state: 'new',
    agreement_id: 'agr_a1',
  }
}

function explain(lines: readonly Line[]) {
  const expectations: Expectation[] = instalmentsDue(agreement, rules, '2026-02-10').map((draft) => ({
    ...draft,
    id: draft.key,
  }))
  return explainAgreement({
    agreement,
    lines,
    expectations,
    ahead: instalmentsAhead(agreement, rules, '2026-02-10'),
    counted: () => undefined,
    usage_expected_before: '2026-02-01',
  })
}

test('every line is explained to the cent, no expectation is met twice, and the order of the file is nothing', () => {
  fc.assert(
    fc.property(made, (rows) => {
      const lines = rows.map(line)
      const explained = explain(lines)
      expect(explained.map((item) => item.line.id).sort()).toEqual(lines.map(({ id }) => id).sort())
      for (const { line: one, expectation, causes } of explained) {
        const named = causes.reduce((sum, { amount }) => sum + amount, 0n)
        expect((expectation?.amount ?? 0n) - one.minor).toBe(named)
      }
      const met = explained.flatMap(({ expectation }) => expectation?.key ?? [])
      expect(new Set(met).size).toBe(met.length)
      expect(explain([...lines].reverse())).toEqual(explained)
    }),
    { numRuns: 300 },
  )
})

const follows = fc.record({ collected: fc.boolean(), disbursed: fc.boolean() })
const written = fc.array(fc.tuple(fc.record({ kind: kinds, minor: amounts, on: days }), follows), {
  minLength: 1,
  maxLength: 8,
})

test('random files: the identity holds and the books show what the lines show', async () => {
  await fc.assert(
    fc.asyncProperty(written, fc.bigInt(-2n, 2n), async (rows, wrong) => {
      const vendor = await world()
      try {
        await agree(vendor, 'agr_a1', terms)
        const all: Row[] = rows.flatMap(([row, then], index) => rowsOf(row, then, `k${index}`))
        const out = all
          .filter(({ stage }) => stage === 'disbursed')
          .reduce((sum, { amount = '0' }) => sum - cents(amount), 0n)
        const payout: Row = {
          key: 'd1',
          kind: 'disbursement',
          stage: 'disbursed',
          amount: dollars(out),
          trace: 'TRACE0001',
          on: '2026-02-07',
        }
        await vendor.write('feb.csv', [...all, payout])
        if (out + wrong > 0n) {
          await vendor.bank(
            `booked_on,value_on,amount,currency,reference,counterparty,description\n2026-02-09,2026-02-09,${dollars(out + wrong)},USD,TRACE0001,A,B\n`,
          )
        }
        const [item] = (await vendor.tenant(reconcile)).filter(
          ({ agreement_id }) => agreement_id === 'agr_a1',
        )
        const total = await vendor.total()
        expect(total.causes.reduce((sum, { amount }) => sum + amount, 0n)).toBe(total.expected - total.banked)
        if (item === undefined) throw new Error('the agreement is missing')
        const balances = await vendor.balance('')
        const at = (account: string) => cents(balances[account] ?? '0.00')
        expect(at('receivable:invoiced:agr_a1')).toBe(item.invoiced - item.collected)
        expect(at('receivable:collected:agr_a1')).toBe(item.collected - item.disbursed)
        expect(at('asset:transit:d1') + at('asset:bank:main')).toBe(item.disbursed)
        const open = await vendor.tenant(
          ({ tx }) => tx.$queryRaw<{ open: string }[]>`
            SELECT coalesce(sum(amount), 0)::text AS open FROM expectation e
            WHERE NOT EXISTS (SELECT 1 FROM match m WHERE m.expectation_id = e.id AND m.current)`,
        )
        expect(at('clearing:agr_a1')).toBe(BigInt(open[0]?.open ?? '0'))
      } finally {
        await vendor.context.close()
      }
    }),
    { numRuns: 6 },
  )
})

function rowsOf(
  row: { kind: string; minor: bigint; on: string },
  then: { collected: boolean; disbursed: boolean },
  key: string,
): Row[] {
  const base: Row = {
    key,
    kind: row.kind,
    stage: 'invoiced',
    amount: dollars(row.minor),
    agreement: 'agmt-agr_a1',
    on: row.on,
  }
  return [
    base,
    ...(then.collected ? [{ ...base, key: `${key}c`, stage: 'collected', parent: key, counts: 'no' }] : []),
    ...(then.disbursed
      ? [
          {
            ...base,
            key: `${key}d`,
            stage: 'disbursed',
            parent: key,
            amount: dollars(-row.minor),
            disbursement: 'd1',
          },
        ]
      : []),
  ]
}

function cents(text: string): bigint {
  return BigInt(text.replace('.', ''))
}
