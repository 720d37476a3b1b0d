// What the ledger's door shows.
import { z } from '@hono/zod-openapi'
import { currencyOf, formatMoney, moneyText } from '../core/money.ts'
import { moneySchema } from '../door/index.ts'
import type { Group } from './groups.ts'
import { type AccountTotals, bases, bookOf, chart, type Entry, entryKinds } from './model.ts'
import type { TrialTotal } from './totals.ts'

const book = z.enum(['money', 'commitment'])

export const account = z
  .object({
    account: z.string(),
    book,
    currency: z.string(),
    debits: z.string(),
    credits: z.string(),
    balance: z.string().openapi({ description: 'Debits minus credits.' }),
  })
  .openapi('LedgerAccount')

export const entry = z
  .object({
    id: z.string(),
    reference: z.string(),
    kind: z.enum(entryKinds),
    description: z.string(),
    basis: z.enum(bases),
    occurred_at: z.string(),
    recorded_at: z.string(),
    book_date: z.string(),
    reverses: z.string().nullable(),
    postings: z.array(z.object({ from: z.string(), to: z.string(), money: moneySchema })),
    evidence: z.unknown(),
  })
  .openapi('LedgerEntry')

export const linkedEntry = entry
  .extend({
    reverses_id: z.string().nullable().openapi({ description: 'The entry this one corrects.' }),
    reversed_by: z.string().nullable().openapi({ description: 'The entry that corrects this one.' }),
  })
  .openapi('LinkedLedgerEntry')

export const group = z
  .object({
    name: z
      .string()
      .openapi({ description: 'A row of the chart of accounts; accounts below it begin with it.' }),
    what: z.string(),
    class: z.enum(['Assets', 'Liabilities', 'Equity', 'Income', 'Expenses']),
    below: z.boolean().openapi({ description: 'False where the row is an account itself.' }),
    book,
    currency: z.string(),
    accounts: z
      .number()
      .int()
      .nullable()
      .openapi({ description: 'How many accounts there are; null for a past day.' }),
    open: z
      .number()
      .int()
      .nullable()
      .openapi({ description: 'How many of them are not at zero; null for a past day.' }),
    debits: z.string(),
    credits: z.string(),
    balance: z.string(),
  })
  .openapi('LedgerGroup')

export const total = z.object({ book, currency: z.string(), debits: z.string(), credits: z.string() })

export const trial = z
  .object({
    until: z.string().nullable(),
    accounts: z.array(account),
    totals: z.array(total),
  })
  .openapi('TrialBalance')

export const checked = z
  .object({
    ok: z.boolean(),
    assertions: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
    open_clearing: z
      .array(account)
      .openapi({ description: 'Agreements where expected and invoiced do not meet yet. Not a mistake.' }),
  })
  .openapi('LedgerCheck')

export const period = z.object({ month: z.string(), closed_at: z.string() }).openapi('ClosedPeriod')

export const reopened = period.extend({ reason: z.string() }).openapi('ReopenedPeriod')

export function shownPeriod(row: { month: string; closed_at: Date }): z.infer<typeof period> {
  return { month: row.month, closed_at: row.closed_at.toISOString() }
}

export function shownAccount(row: AccountTotals): z.infer<typeof account> {
  const { asset } = row
  return {
    account: row.account,
    book: bookOf(row.account),
    currency: currencyOf(asset),
    debits: formatMoney({ asset, amount: row.debits }),
    credits: formatMoney({ asset, amount: row.credits }),
    balance: formatMoney({ asset, amount: row.balance }),
  }
}

export function shownGroup({ name, asset, accounts, open, debits, credits }: Group): z.infer<typeof group> {
  const row = chart.find((one) => one.name === name)
  return {
    name,
    what: row?.what ?? 'not in the chart of accounts',
    class: row?.class ?? 'Equity',
    below: row?.below ?? false,
    book: bookOf(name),
    currency: currencyOf(asset),
    accounts,
    open,
    debits: formatMoney({ asset, amount: debits }),
    credits: formatMoney({ asset, amount: credits }),
    balance: formatMoney({ asset, amount: debits - credits }),
  }
}

export function shownTotal({ asset, book, debits, credits }: TrialTotal) {
  return {
    book,
    currency: currencyOf(asset),
    debits: formatMoney({ asset, amount: debits }),
    credits: formatMoney({ asset, amount: credits }),
  }
}

export function shownEntry(row: Entry): z.infer<typeof entry> {
  return {
    id: row.id,
    reference: row.reference,
    kind: row.kind,
    description: row.description,
    basis: row.basis,
    occurred_at: row.occurred_at.toISOString(),
    recorded_at: row.recorded_at.toISOString(),
    book_date: row.book_date,
    reverses: row.reverses,
    postings: row.postings.map(({ from, to, money }) => ({ from, to, money: moneyText(money) })),
    evidence: row.evidence,
  }
}
