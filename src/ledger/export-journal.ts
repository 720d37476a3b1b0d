// hledger and ledger read the same plain journal. Our account names are theirs.
import { currencyOf, digitsOf, formatMoney, type Money } from '../core/money.ts'
import { chartRow, type Entry } from './model.ts'

/** The type letter each class has in hledger's account directive. */
const LETTERS = { Assets: 'A', Liabilities: 'L', Equity: 'E', Income: 'R', Expenses: 'X' } as const

/**
 * The journal as text, an entry at a time. Accounts and commodities are declared before their first use, so that it
 * passes the programs' strict checks too; what is kept in memory is the set of their names.
 */
export async function* hledgerJournal(entries: AsyncIterable<Entry>): AsyncIterable<string> {
  yield 'tag entry\ntag reference\ntag reverses\n\n'
  const declared = new Set<string>()
  for await (const entry of entries) {
    yield declarations(entry, declared)
    yield transaction(entry)
  }
}

function declarations(entry: Entry, declared: Set<string>): string {
  let text = ''
  for (const { from, to, money } of entry.postings) {
    if (!declared.has(money.asset)) text += commodity(money)
    declared.add(money.asset)
    for (const account of [from, to]) {
      if (declared.has(account)) continue
      declared.add(account)
      text += `account ${account}\n    ; type: ${LETTERS[chartRow(account)?.class ?? 'Equity']}\n`
    }
  }
  return text === '' ? '' : `${text}\n`
}

/** Both programs learn the number of decimals here; hledger wants a decimal mark even where there are none. */
function commodity({ asset }: Money): string {
  const name = currencyOf(asset)
  return `commodity ${name}\n    format ${name} 1000.${'0'.repeat(digitsOf(asset))}\n`
}

function transaction(entry: Entry): string {
  const lines = [`${entry.book_date} * ${oneLine(entry.description)}`, `    ; entry: ${entry.id}`]
  lines.push(`    ; reference: ${oneLine(entry.reference)}`)
  if (entry.reverses !== null) lines.push(`    ; reverses: ${oneLine(entry.reverses)}`)
  for (const { from, to, money } of entry.postings) {
    lines.push(leg(to, money), leg(from, { ...money, amount: -money.amount }))
  }
  return `${lines.join('\n')}\n\n`
}

function leg(account: string, money: Money): string {
  return `    ${account}  ${currencyOf(money.asset)} ${formatMoney(money)}`
}

/** Text of people on one line: a semicolon would begin a comment, and leading marks and brackets have a meaning. */
function oneLine(text: string): string {
  const plain = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replaceAll(';', ',')
    .trim()
  return plain.replace(/^[*!(|=]+\s*/, '')
}
