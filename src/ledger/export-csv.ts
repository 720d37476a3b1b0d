import { currencyOf, formatMoney } from '../core/money.ts'
import { bookOf, type Entry } from './model.ts'

const COLUMNS = [
  'entry_id',
  'reference',
  'kind',
  'basis',
  'book_date',
  'occurred_at',
  'recorded_at',
  'description',
  'reverses',
  'posting',
  'book',
  'account',
  'currency',
  'debit',
  'credit',
] as const

/** RFC 4180, one row per side of each posting: the debit first, then the credit. */
export async function* csvJournal(entries: AsyncIterable<Entry>): AsyncIterable<string> {
  yield `${COLUMNS.join(',')}\r\n`
  for await (const entry of entries) yield rows(entry)
}

function rows(entry: Entry): string {
  const shared = [
    entry.id,
    entry.reference,
    entry.kind,
    entry.basis,
    entry.book_date,
    entry.occurred_at.toISOString(),
    entry.recorded_at.toISOString(),
    entry.description,
    entry.reverses ?? '',
  ]
  return entry.postings
    .flatMap(({ from, to, money }, index) => {
      const side = (account: string, debit: string, credit: string) =>
        [...shared, String(index + 1), bookOf(account), account, currencyOf(money.asset), debit, credit].map(
          cell,
        )
      return [side(to, formatMoney(money), ''), side(from, '', formatMoney(money))]
    })
    .map((line) => `${line.join(',')}\r\n`)
    .join('')
}

/** A spreadsheet would run a cell that begins like a formula: such text gets an apostrophe before it. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
