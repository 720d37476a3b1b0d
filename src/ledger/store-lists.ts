// Entries and accounts as lists. The ledger is the largest of all tables: a page reads as many rows as it shows, from an
// index that has them in the page's order.
import { z } from 'zod'
import type { LocalDate } from '../core/time.ts'
import { bigintColumn, type Scope } from '../store/index.ts'
import { accounts } from './accounts.ts'
import { type AccountTotals, type Entry, type EntryKind, entryKinds } from './model.ts'
import { readEntries, toTotals, totalsRow } from './store.ts'

/** What entries can be ordered by: the day they are booked on, or when they were written. */
export const entrySorts = ['recorded_at', '-recorded_at', 'book_date', '-book_date'] as const
export type EntrySort = (typeof entrySorts)[number]

/** Behind which entry a page begins. */
export type EntryPlace = { sequence: bigint; book_date: LocalDate }

export type EntryListFilter = {
  account?: string | undefined
  agreement_id?: string | undefined
  kind?: EntryKind | undefined
  reference?: string | undefined
  from?: LocalDate | undefined
  until?: LocalDate | undefined
  q?: string | undefined
}

type Asked = { sort: EntrySort; after: EntryPlace | undefined; limit: number }

/** The accounts that an agreement has of its own. */
export function accountsOfAgreement(agreement_id: string): string[] {
  return [accounts.open, accounts.clearing, accounts.invoiced, accounts.collected].map((of) =>
    of(agreement_id),
  )
}

const sequenceRow = z.object({ sequence: bigintColumn })

/** A page of entries in an order. */
export async function listEntries(scope: Scope, filter: EntryListFilter, asked: Asked): Promise<Entry[]> {
  const touched = accountsOf(filter)
  if (touched?.length === 0) return []
  const { text, values } = entriesQuery(scope.organisation_id, filter, asked, touched)
  // The text is made of constants; whatever came from outside is among the values.
  const rows = z.array(sequenceRow).parse(await scope.tx.$queryRawUnsafe(text, ...values))
  const sequences = rows.map(({ sequence }) => sequence)
  if (sequences.length === 0) return []
  const read = await readEntries(scope, { sequences, limit: sequences.length })
  const found = new Map(read.map((entry) => [entry.sequence, entry]))
  return sequences.flatMap((sequence) => found.get(sequence) ?? [])
}

/** Puts a value into a query and answers its name there. */
type Put = (value: unknown) => string

function entriesQuery(
  organisation_id: string,
  filter: EntryListFilter,
  { sort, after, limit }: Asked,
  touched: readonly string[] | undefined,
): { text: string; values: unknown[] } {
  const values: unknown[] = []
  const put: Put = (value) => `$${values.push(value)}`
  const tenant = `organisation_id = ${put(organisation_id)}`
  const most = put(limit)
  const direction = sort.startsWith('-') ? 'DESC' : 'ASC'
  const by_day = sort.endsWith('book_date')
  const order = by_day ? `book_date ${direction}, sequence ${direction}` : `sequence ${direction}`
  const ofEntry = entryConditions(filter, put)
  if (touched === undefined) {
    const where = [tenant, ...spanOf('sequence', filter, sort, after, put), ...ofEntry].join(' AND ')
    // Days are few of many: they have an index of their own, and what they hold is put in order. Nothing added keeps
    // the database from walking all sequences in search of them.
    const first = !by_day && ofDays(filter) ? `sequence + 0 ${direction}` : order
    const text = `SELECT sequence, book_date FROM entry e WHERE ${where} ORDER BY ${first} LIMIT ${most}`
    return { text, values }
  }
  const its = 'e.organisation_id = p.organisation_id AND e.id = p.entry_id'
  const where = [
    tenant,
    ...spanOf('entry_sequence', filter, sort, after, put),
    ...(ofEntry.length === 0
      ? []
      : [`EXISTS (SELECT 1 FROM entry e WHERE ${its} AND ${ofEntry.join(' AND ')})`]),
  ].join(' AND ')
  const parts = touched.flatMap((account) => {
    const name = put(account)
    return ['from_account', 'to_account'].map(
      (side) => `(SELECT DISTINCT book_date, entry_sequence AS sequence FROM posting p
        WHERE ${where} AND ${side} = ${name} ORDER BY ${order} LIMIT ${most})`,
    )
  })
  const text = `SELECT DISTINCT sequence, book_date FROM (${parts.join(' UNION ALL ')}) pages
    ORDER BY ${order} LIMIT ${most}`
  return { text, values }
}

const ofDays = ({ from, until }: EntryListFilter) => from !== undefined || until !== undefined

/** The days, and the place in the order behind which the page begins. */
function spanOf(
  sequence: 'sequence' | 'entry_sequence',
  { from, until }: EntryListFilter,
  sort: EntrySort,
  after: EntryPlace | undefined,
  put: Put,
): string[] {
  const beyond = sort.startsWith('-') ? '<' : '>'
  const by_day = sort.endsWith('book_date')
  return [
    ...(from === undefined ? [] : [`book_date >= ${put(from)}`]),
    ...(until === undefined ? [] : [`book_date <= ${put(until)}`]),
    ...(after === undefined
      ? []
      : by_day
        ? [`(book_date, ${sequence}) ${beyond} (${put(after.book_date)}, ${put(after.sequence)}::bigint)`]
        : [`${sequence} ${beyond} ${put(after.sequence)}::bigint`]),
  ]
}

/** The accounts whose postings are asked for; undefined: of all. */
function accountsOf({ account, agreement_id }: EntryListFilter): string[] | undefined {
  if (agreement_id === undefined) return account === undefined ? undefined : [account]
  const own = accountsOfAgreement(agreement_id)
  return account === undefined ? own : own.filter((name) => name === account)
}

function entryConditions(filter: EntryListFilter, put: Put): string[] {
  const { account, agreement_id, kind, reference, q } = filter
  const narrow = ofDays(filter) || account !== undefined || agreement_id !== undefined
  return [
    ...(kind === undefined ? [] : [`e.kind = ${put(kind)}`]),
    ...(reference === undefined ? [] : [`e.reference = ${put(reference)}`]),
    ...(q === undefined || q === '' ? [] : [narrow ? partOf(q, put) : nameOf(q, put)]),
  ]
}

const partOf = (q: string, put: Put) => `(e.reference LIKE ${put(`%${likeText(q)}%`)} OR e.id = ${put(q)})`

/** Whole names have indexes, parts of them have none: among a million of entries only the former are looked for. */
const nameOf = (q: string, put: Put) =>
  `(e.reference = ANY(${put([q, ...entryKinds.map((kind) => `${kind}:${q}`)])}::text[]) OR e.id = ${put(q)})`

/** Text as it is, for LIKE. */
function likeText(text: string): string {
  return text.replace(/[\\%_]/g, (sign) => `\\${sign}`)
}

/** Which accounts a list shows. open: only those that are not at zero. until: as they stood at the end of a day. */
export type AccountListFilter = {
  prefix: string
  q?: string | undefined
  open: boolean
  until?: LocalDate | undefined
  after: { account: string; asset: string }
  limit: number
}

/** The text behind every text with a prefix, byte by byte. */
const LAST = '\u{10ffff}'

/**
 * A page of accounts with their balances, in order of their names, byte by byte. As they stood on a day: less what was
 * booked later, which of a row of the chart that is an account itself is known by day.
 */
export async function listAccounts(scope: Scope, filter: AccountListFilter): Promise<AccountTotals[]> {
  const { organisation_id, tx } = scope
  const { prefix, open, until = null, after, limit } = filter
  const like = filter.q === undefined || filter.q === '' ? null : `%${likeText(filter.q)}%`
  // What waits to be rolled up may bring an account to zero, which then is not shown: so many more are looked at.
  const rows = await tx.$queryRaw`
    WITH waiting AS (
      SELECT p.from_account, p.to_account, p.asset, p.amount, p.book_date FROM unrolled_entry u
      JOIN posting p ON p.organisation_id = u.organisation_id AND p.entry_id = u.entry_id
      WHERE u.organisation_id = ${organisation_id}
    ), moved AS (
      SELECT account, asset, sum(debits) AS debits, sum(credits) AS credits FROM (
        SELECT to_account AS account, asset, amount AS debits, 0 AS credits FROM waiting
        UNION ALL SELECT from_account, asset, 0, amount FROM waiting) legs
      WHERE account COLLATE "C" >= ${prefix} AND account COLLATE "C" <= ${prefix + LAST}
        AND (account COLLATE "C", asset COLLATE "C") > (${after.account}, ${after.asset})
        AND (${like}::text IS NULL OR account LIKE ${like}::text)
      GROUP BY account, asset
    ), rolled AS (
      SELECT account, asset, debits, credits FROM account_balance b
      WHERE organisation_id = ${organisation_id}
        AND account COLLATE "C" >= ${prefix} AND account COLLATE "C" <= ${prefix + LAST}
        AND (account COLLATE "C", asset COLLATE "C") > (${after.account}, ${after.asset})
        AND (${like}::text IS NULL OR account LIKE ${like}::text)
        AND (NOT ${open} OR debits <> credits
             OR EXISTS (SELECT 1 FROM moved m WHERE m.account = b.account AND m.asset = b.asset))
      ORDER BY account COLLATE "C", asset COLLATE "C" LIMIT ${limit} + (SELECT count(*) FROM moved)
    ), standing AS (
      SELECT account, asset, sum(debits) AS debits, sum(credits) AS credits
      FROM (SELECT * FROM rolled UNION ALL SELECT * FROM moved) legs GROUP BY account, asset
      HAVING NOT ${open} OR sum(debits) <> sum(credits)
      ORDER BY account COLLATE "C", asset COLLATE "C" LIMIT ${limit}
    )
    SELECT account, asset, debits - coalesce(late.debit, 0) AS debits, credits - coalesce(late.credit, 0) AS credits
    FROM standing s LEFT JOIN LATERAL (
      SELECT sum(debit) AS debit, sum(credit) AS credit FROM (
        SELECT CASE WHEN p.to_account = s.account THEN amount ELSE 0 END AS debit,
          CASE WHEN p.from_account = s.account THEN amount ELSE 0 END AS credit
        FROM posting p WHERE p.organisation_id = ${organisation_id} AND p.asset = s.asset
          AND p.book_date > ${until}::text AND account_group(s.account) <> s.account
          AND (p.to_account = s.account OR p.from_account = s.account)
        UNION ALL SELECT g.debits, g.credits FROM group_day g
        WHERE g.organisation_id = ${organisation_id} AND g.name = s.account AND g.asset = s.asset
          AND g.book_date > ${until}::text
        UNION ALL SELECT CASE WHEN w.to_account = s.account THEN amount ELSE 0 END,
          CASE WHEN w.from_account = s.account THEN amount ELSE 0 END
        FROM waiting w WHERE w.asset = s.asset AND w.book_date > ${until}::text
          AND account_group(s.account) = s.account
          AND (w.to_account = s.account OR w.from_account = s.account)) booked_later
        ) late ON ${until}::text IS NOT NULL
    ORDER BY account COLLATE "C", asset COLLATE "C"`
  return z.array(totalsRow).parse(rows).map(toTotals)
}
