import type { Asset } from '../core/money.ts'
import { bookOf } from './model.ts'

/** Debits and credits of everything in one asset and one book. */
export type TrialTotal = { asset: Asset; book: 'money' | 'commitment'; debits: bigint; credits: bigint }

type Row = { account: string; asset: Asset; debits: bigint; credits: bigint }

/** The totals of accounts or of rows of the chart, by book and asset. */
export function totalsOf(rows: readonly Row[]): TrialTotal[] {
  const totals = new Map<string, TrialTotal>()
  for (const { account, asset, debits, credits } of rows) {
    const book = bookOf(account)
    const known = totals.get(`${book} ${asset}`) ?? { asset, book, debits: 0n, credits: 0n }
    totals.set(`${book} ${asset}`, {
      ...known,
      debits: known.debits + debits,
      credits: known.credits + credits,
    })
  }
  return [...totals.values()]
}
