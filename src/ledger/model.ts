import { canonicalJson, sha256 } from '../core/canonical.ts'
import { type Asset, digitsOf, type Money } from '../core/money.ts'
import { type LocalDate, type Month, nextMonth, startOfMonth } from '../core/time.ts'

/** Everything that may be booked: the closed list. Each has a recipe of the same name in recipes.ts. */
export const entryKinds = [
  'offer_accepted',
  'agreement_ended',
  'sale_expected',
  'fee_expected',
  'wholesale_expected',
  'sale_invoiced',
  'fee_invoiced',
  'wholesale_invoiced',
  'tax_invoiced',
  'refund_invoiced',
  'difference',
  'forgiven',
  'collected',
  'disbursed',
  'payout_adjusted',
  'payout_taxed',
  'payout_returned',
  'banked',
  'exchanged',
  'partner_share',
  'commitment_promised',
  'commitment_drawn',
  'correction',
] as const
export type EntryKind = (typeof entryKinds)[number]

/** Where an entry's amount comes from: a document, what we expect to see, or a computation nobody confirms. */
export const bases = ['evidence', 'expectation', 'estimate'] as const
export type Basis = (typeof bases)[number]

/** From (the credit) to (the debit), a positive amount: it cannot be unbalanced. */
export type Posting = { from: string; to: string; money: Money }

/** An entry before it is booked. The reference is unique: the same postings again are a replay. */
export type EntryDraft = {
  reference: string
  kind: EntryKind
  description: string
  /** When it happened; the book date is the first open day at or after it. */
  occurred_at: Date
  postings: Posting[]
  basis: Basis
  evidence: unknown
  /** The reference of the entry that this one corrects. */
  reverses?: string
}

/** A booked entry. */
export type Entry = Omit<EntryDraft, 'reverses'> & {
  id: string
  sequence: bigint
  recorded_at: Date
  book_date: LocalDate
  reverses: string | null
  body_hash: string
}

/** Money and promises never meet in one posting, nor in one entry. */
export type Book = 'money' | 'commitment'

/** The five classes every accounting program knows. */
type AccountClass = 'Assets' | 'Liabilities' | 'Equity' | 'Income' | 'Expenses'

type ChartRow = { name: string; below: boolean; class: AccountClass; book: Book; what: string }

/** The chart of accounts: the closed list. `below` rows take one more segment, such as an agreement's id. */
export const chart: readonly ChartRow[] = [
  row('income:contract', false, 'Income', 'instalments of our own sales'),
  row('income:usage', false, 'Income', 'metered usage of our own sales'),
  row('income:resale', false, 'Income', 'what a manufacturer gets when a reseller sold'),
  row('expense:listing_fee', true, 'Expenses', 'what a cloud keeps for listing'),
  row('expense:wholesale', false, 'Expenses', "a reseller's cost to the vendor"),
  row('expense:partner_share', false, 'Expenses', 'what partners are due of disbursed sales'),
  row('liability:tax', false, 'Liabilities', 'tax collected for an authority'),
  row('liability:partner', true, 'Liabilities', 'owed to one partner'),
  row('asset:bank', true, 'Assets', 'one bank account'),
  row(
    'asset:transit',
    true,
    'Assets',
    'disbursed by a cloud, not at the bank yet; one account per disbursement',
  ),
  row('bookings:total', false, 'Equity', 'accepted offers, the other side of what is still open'),
  row('bookings:open', true, 'Equity', 'accepted and not yet due, by agreement'),
  row('clearing', true, 'Assets', 'expected and not invoiced, by agreement; zero when settled'),
  row('receivable:invoiced', true, 'Assets', 'invoiced to the buyer and not collected'),
  row('receivable:collected', true, 'Assets', 'collected by the cloud and not disbursed'),
  row('adjustment', true, 'Expenses', 'a difference with a named cause'),
  row('exchange', true, 'Equity', 'the bridge between two currencies'),
  row('commitment:promised', true, 'Equity', 'a promise to spend', 'commitment'),
  row('commitment:remaining', true, 'Equity', 'what of a promise is left', 'commitment'),
  row('commitment:drawn', true, 'Equity', 'what of a promise was drawn', 'commitment'),
]

function row(name: string, below: boolean, kind: AccountClass, what: string, book: Book = 'money'): ChartRow {
  return { name, below, class: kind, book, what }
}

/** A segment holds no blanks and no colon; everything the accounting programs could misread is escaped. */
const SEGMENT = /^[A-Za-z0-9~][A-Za-z0-9._/|#@+=~-]{0,239}$/
const ACCOUNT_MAX = 300

/** Text of others (a cloud's key, a bank's name) as one account segment: "~" and two hex digits for each other byte. */
export function segment(text: string): string {
  return Array.from(text, (letter, index) =>
    (index === 0 ? /[A-Za-z0-9]/ : /[A-Za-z0-9._/|#@+=-]/).test(letter) ? letter : escapeBytes(letter),
  ).join('')
}

function escapeBytes(letter: string): string {
  return Array.from(
    new TextEncoder().encode(letter),
    (byte) => `~${byte.toString(16).padStart(2, '0')}`,
  ).join('')
}

/** The chart's row of an account; undefined for a name that is not in the chart. */
export function chartRow(account: string): ChartRow | undefined {
  if (account.length > ACCOUNT_MAX) return undefined
  const exact = chart.find((candidate) => !candidate.below && candidate.name === account)
  if (exact !== undefined) return exact
  const at = account.lastIndexOf(':')
  const parent = chart.find((candidate) => candidate.below && candidate.name === account.slice(0, at))
  return parent !== undefined && SEGMENT.test(account.slice(at + 1)) ? parent : undefined
}

export function bookOf(account: string): Book {
  return account.startsWith('commitment:') ? 'commitment' : 'money'
}

/** A draft as it will be booked: zero postings dropped. Throws when the program itself made a mistake. */
export function checkDraft(draft: EntryDraft): EntryDraft {
  const wrong = (what: string) => new Error(`Entry ${draft.reference}: ${what}`)
  if (!/^\S(.{0,398}\S)?$/.test(draft.reference))
    throw wrong('a reference is 1 to 400 characters on one line')
  if (Number.isNaN(draft.occurred_at.getTime())) throw wrong('occurred_at is not a time')
  const postings = draft.postings.filter((posting) => posting.money.amount !== 0n)
  for (const { from, to, money } of postings) {
    for (const account of [from, to]) {
      if (chartRow(account) === undefined) throw wrong(`"${account}" is not in the chart of accounts`)
    }
    if (money.amount < 0n) throw wrong(`the amount from ${from} to ${to} is negative; turn the posting round`)
    if (!/^[A-Z]{3}\/\d$/.test(money.asset)) throw wrong(`"${money.asset}" is not an asset`)
    if (from === to) throw wrong(`a posting from ${from} to itself moves nothing`)
  }
  const books = new Set(postings.flatMap(({ from, to }) => [bookOf(from), bookOf(to)]))
  if (books.size > 1) throw wrong('money and commitments are two books and cannot meet in one entry')
  return { ...draft, postings }
}

/** What makes two entries of one reference equal: their postings, in any order. */
export function bodyHash(postings: readonly Posting[]): Promise<string> {
  return sha256(postings.map(postingText).sort().join('\n'))
}

export function postingText({ from, to, money }: Posting): string {
  return canonicalJson([from, to, money.asset, money.amount])
}

/** A signed amount as a posting: a negative one goes the other way. */
export function transfer(from: string, to: string, money: Money): Posting {
  if (money.amount >= 0n) return { from, to, money }
  return { from: to, to: from, money: { asset: money.asset, amount: -money.amount } }
}

/** The day an event is booked on: its own, or the first day of the first open month after it. */
export function bookDate(occurred_on: LocalDate, closed: ReadonlySet<Month>): LocalDate {
  let month = occurred_on.slice(0, 7)
  if (!closed.has(month)) return occurred_on
  while (closed.has(month)) month = nextMonth(month)
  return startOfMonth(month).toISOString().slice(0, 10)
}

/** What went into and out of one account in one asset, in minor units. balance = debits - credits. */
export type AccountTotals = {
  account: string
  asset: Asset
  debits: bigint
  credits: bigint
  balance: bigint
}

/** The kind of work that rolls booked entries up into balances. */
export const ROLL_UP = 'ledger.roll_up'

/** An asset as a table keeps it. Throws on one that no program of ours wrote. */
export function readAsset(text: string): Asset {
  const asset = text as Asset
  if (!/^[A-Z]{3}\/\d$/.test(text) || Number.isNaN(digitsOf(asset)))
    throw new Error(`Not an asset: "${text}"`)
  return asset
}
