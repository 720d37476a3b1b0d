import { currencyOf, formatMoney, type Money } from '../core/money.ts'
import { chartRow, type Entry } from './model.ts'

/** Opening comes before any entry; Beancount wants a date for it. */
const OPENED = '1970-01-01'

/** Beancount's text, an entry at a time; accounts are opened before their first use. */
export async function* beancountJournal(entries: AsyncIterable<Entry>): AsyncIterable<string> {
  yield 'option "title" "Syndic"\n'
  const opened = new Set<string>()
  const currencies = new Set<string>()
  for await (const entry of entries) {
    let text = ''
    for (const { from, to, money } of entry.postings) {
      const currency = currencyOf(money.asset)
      if (!currencies.has(currency)) text += `${OPENED} commodity ${currency}\n`
      currencies.add(currency)
      for (const account of [from, to].filter((name) => !opened.has(name))) {
        opened.add(account)
        text += `${OPENED} open ${beancountAccount(account)}\n`
      }
    }
    yield text + transaction(entry)
  }
}

function transaction(entry: Entry): string {
  const lines = [`\n${entry.book_date} * ${quoted(entry.description)}`]
  lines.push(`  entry: ${quoted(entry.id)}`, `  reference: ${quoted(entry.reference)}`)
  if (entry.reverses !== null) lines.push(`  reverses: ${quoted(entry.reverses)}`)
  for (const { from, to, money } of entry.postings) {
    lines.push(leg(to, money), leg(from, { ...money, amount: -money.amount }))
  }
  return `${lines.join('\n')}\n`
}

function leg(account: string, money: Money): string {
  return `  ${beancountAccount(account)}  ${formatMoney(money)} ${currencyOf(money.asset)}`
}

function quoted(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
  return `"${plain.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/**
 * Our account's name in Beancount: "receivable:invoiced:agr_1" is "Assets:Receivable:Invoiced:Agr-1". No two accounts
 * share one: every part is encoded reversibly, and the class is put before it unless the name begins with it.
 */
export function beancountAccount(account: string): string {
  const [root = '', ...rest] = account.split(':')
  const kind = chartRow(account)?.class ?? 'Equity'
  const parts = ROOTS.get(root) === kind ? rest : [root, ...rest]
  return [kind, ...parts.map(component)].join(':')
}

const ROOTS: ReadonlyMap<string, string> = new Map([
  ['asset', 'Assets'],
  ['liability', 'Liabilities'],
  ['income', 'Income'],
  ['expense', 'Expenses'],
])

/**
 * A part must begin with a capital or a digit and hold letters, digits and "-". The first letter is made a capital and
 * "_" becomes "-"; all else, and whatever would then be ambiguous, is X and two hex digits for each byte.
 */
function component(part: string): string {
  return Array.from(part, (letter, index) => {
    if (/[0-9]/.test(letter)) return letter
    if (index === 0) return /[a-wyz]/.test(letter) ? letter.toUpperCase() : escaped(letter)
    if (letter === '_') return '-'
    return /[A-WYZa-z]/.test(letter) ? letter : escaped(letter)
  }).join('')
}

function escaped(letter: string): string {
  return Array.from(
    new TextEncoder().encode(letter),
    (byte) => `X${byte.toString(16).padStart(2, '0')}`,
  ).join('')
}
