// What the ledger's door shows.
import { z } from '@hono/zod-openapi'
import { currencyOf, formatMoney, moneyText } from '../core/money.ts'
import { moneySchema } from '../door/index.ts'
import { type AccountTotals, bases, bookOf, type Entry, entryKinds } from './model.ts'
import type { TrialTotal } from './recompute.ts'

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

export const trial = z
  .object({
    until: z.string().nullable(),
    accounts: z.array(account),
    totals: z.array(z.object({ book, currency: z.string(), debits: z.string(), credits: z.string() })),
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
