// The only place that queries entry, posting, unrolled_entry and account_balance. Writing is set-based: a thousand
// entries are four statements.
import { z } from 'zod'
import { bigintColumn, type Scope, toJson } from '../store/index.ts'
import { type AccountTotals, bases, type Entry, type EntryDraft, entryKinds, readAsset } from './model.ts'

/** A draft that passed its checks, with everything a row needs. */
export type Prepared = { id: string; draft: EntryDraft; book_date: string; body_hash: string }

const insertedRow = z.object({ id: z.string(), sequence: bigintColumn })

/**
 * Writes the entries whose reference is new and answers their ids and sequences. A reference that another transaction
 * is writing at this moment is waited for and then left alone. In the order of references, so that two batches that
 * share some cannot wait for each other.
 */
export async function insertEntries(scope: Scope, batch: readonly Prepared[]): Promise<Map<string, bigint>> {
  const { organisation_id, tx } = scope
  const column = <T>(read: (item: Prepared) => T) => batch.map(read)
  const rows = await tx.$queryRaw`
    INSERT INTO entry (organisation_id, id, reference, kind, description, occurred_at, recorded_at, book_date, basis,
                       evidence, reverses, body_hash)
    SELECT ${organisation_id}, t.id, t.reference, t.kind, t.description, t.occurred_at::timestamptz, ${scope.now()},
           t.book_date, t.basis, t.evidence::jsonb, t.reverses, t.body_hash
    FROM unnest(
      ${column((item) => item.id)}::text[],
      ${column((item) => item.draft.reference)}::text[],
      ${column((item) => item.draft.kind)}::text[],
      ${column((item) => item.draft.description)}::text[],
      ${column((item) => item.draft.occurred_at.toISOString())}::text[],
      ${column((item) => item.book_date)}::text[],
      ${column((item) => item.draft.basis)}::text[],
      ${column((item) => JSON.stringify(toJson(item.draft.evidence)))}::text[],
      ${column((item) => item.draft.reverses ?? null)}::text[],
      ${column((item) => item.body_hash)}::text[]
    ) AS t(id, reference, kind, description, occurred_at, book_date, basis, evidence, reverses, body_hash)
    ORDER BY t.reference
    ON CONFLICT (organisation_id, reference) DO NOTHING
    RETURNING id, sequence`
  return new Map(
    z
      .array(insertedRow)
      .parse(rows)
      .map((row) => [row.id, row.sequence]),
  )
}

/** Writes the postings of entries that were just inserted, and puts those entries into the roll-up's queue. */
export async function insertPostings(
  scope: Scope,
  batch: readonly (Prepared & { sequence: bigint })[],
): Promise<void> {
  const { organisation_id, tx } = scope
  const legs = batch.flatMap(({ id, draft, book_date, sequence }) =>
    draft.postings.map((posting, index) => ({ id, number: index + 1, book_date, sequence, ...posting })),
  )
  const column = <T>(read: (leg: (typeof legs)[number]) => T) => legs.map(read)
  await tx.$executeRaw`
    INSERT INTO posting (organisation_id, entry_id, number, entry_sequence, from_account, to_account, asset, amount,
                         book_date)
    SELECT ${organisation_id}, t.entry_id, t.number, t.entry_sequence::bigint, t.from_account, t.to_account, t.asset,
           t.amount::bigint, t.book_date
    FROM unnest(
      ${column((leg) => leg.id)}::text[],
      ${column((leg) => leg.number)}::int[],
      ${column((leg) => leg.sequence.toString())}::text[],
      ${column((leg) => leg.from)}::text[],
      ${column((leg) => leg.to)}::text[],
      ${column((leg) => leg.money.asset)}::text[],
      ${column((leg) => leg.money.amount.toString())}::text[],
      ${column((leg) => leg.book_date)}::text[]
    ) AS t(entry_id, number, entry_sequence, from_account, to_account, asset, amount, book_date)`
  await tx.$executeRaw`
    INSERT INTO unrolled_entry (organisation_id, entry_id)
    SELECT ${organisation_id}, t.entry_id FROM unnest(${batch.map((item) => item.id)}::text[]) AS t(entry_id)`
}

const knownRow = z.object({ id: z.string(), reference: z.string(), body_hash: z.string() })
export type Known = z.infer<typeof knownRow>

export async function findByReferences(scope: Scope, references: readonly string[]): Promise<Known[]> {
  if (references.length === 0) return []
  const rows = await scope.tx.$queryRaw`
    SELECT id, reference, body_hash FROM entry
    WHERE organisation_id = ${scope.organisation_id} AND reference = ANY(${[...references]}::text[])`
  return z.array(knownRow).parse(rows)
}

const entryRow = z.object({
  id: z.string(),
  sequence: bigintColumn,
  reference: z.string(),
  kind: z.enum(entryKinds),
  description: z.string(),
  occurred_at: z.coerce.date(),
  recorded_at: z.coerce.date(),
  book_date: z.string(),
  basis: z.enum(bases),
  evidence: z.unknown(),
  reverses: z.string().nullable(),
  body_hash: z.string(),
  postings: z.array(z.object({ from: z.string(), to: z.string(), asset: z.string(), amount: z.string() })),
})

/** Which entries to read: by id, by references, by sequences; behind a sequence. */
export type EntryFilter = {
  id?: string
  references?: readonly string[]
  sequences?: readonly bigint[]
  after?: bigint
  limit: number
}

/** Entries with their postings in the order they were written, oldest first: one page by sequence. */
export async function readEntries(scope: Scope, filter: EntryFilter): Promise<Entry[]> {
  const { organisation_id, tx } = scope
  const { id = null } = filter
  const references = filter.references === undefined ? null : [...filter.references]
  const sequences = filter.sequences?.map(String) ?? null
  const after = (filter.after ?? 0n).toString()
  const rows = await tx.$queryRaw`
    SELECT e.*, (
      SELECT jsonb_agg(jsonb_build_object('from', p.from_account, 'to', p.to_account, 'asset', p.asset,
                                          'amount', p.amount::text) ORDER BY p.number)
      FROM posting p WHERE p.organisation_id = e.organisation_id AND p.entry_id = e.id) AS postings
    FROM entry e
    WHERE e.organisation_id = ${organisation_id} AND e.sequence > ${after}::bigint
      AND (${id}::text IS NULL OR e.id = ${id}::text)
      AND (${references}::text[] IS NULL OR e.reference = ANY(${references}::text[]))
      AND (${sequences}::text[] IS NULL OR e.sequence = ANY(${sequences}::text[]::bigint[]))
    ORDER BY e.sequence LIMIT ${filter.limit}`
  return z.array(entryRow).parse(rows).map(toEntry)
}

function toEntry(row: z.infer<typeof entryRow>): Entry {
  const postings = row.postings.map(({ from, to, asset, amount }) => ({
    from,
    to,
    money: { asset: readAsset(asset), amount: BigInt(amount) },
  }))
  return { ...row, postings }
}

export const totalsRow = z.object({
  account: z.string(),
  asset: z.string(),
  debits: bigintColumn,
  credits: bigintColumn,
})

/** Sums of a row as an account's totals. */
export function toTotals(row: z.infer<typeof totalsRow>): AccountTotals {
  const { account, debits, credits } = row
  return { account, asset: readAsset(row.asset), debits, credits, balance: debits - credits }
}

/** Which accounts: some exactly, or all below a prefix. */
export type AccountFilter = { accounts?: readonly string[]; prefix?: string }

/**
 * Exact balances: what is rolled up plus what waits in the queue, in one statement and so at one moment. Ordered by
 * account and asset, byte by byte.
 */
export async function readTotals(scope: Scope, filter: AccountFilter): Promise<AccountTotals[]> {
  const { organisation_id, tx } = scope
  const { prefix = '' } = filter
  const accounts = filter.accounts === undefined ? null : [...filter.accounts]
  const rows = await tx.$queryRaw`
    WITH waiting AS (
      SELECT p.from_account, p.to_account, p.asset, p.amount FROM unrolled_entry u
      JOIN posting p ON p.organisation_id = u.organisation_id AND p.entry_id = u.entry_id
      WHERE u.organisation_id = ${organisation_id}
    ), legs AS (
      SELECT account, asset, debits, credits FROM account_balance WHERE organisation_id = ${organisation_id}
        AND (${accounts}::text[] IS NULL OR account = ANY(${accounts}::text[]))
      UNION ALL SELECT to_account, asset, amount, 0 FROM waiting
      UNION ALL SELECT from_account, asset, 0, amount FROM waiting
    )
    SELECT account, asset, sum(debits) AS debits, sum(credits) AS credits FROM legs
    WHERE (${accounts}::text[] IS NULL OR account = ANY(${accounts}::text[])) AND starts_with(account, ${prefix})
    GROUP BY account, asset ORDER BY account COLLATE "C", asset COLLATE "C"`
  return z.array(totalsRow).parse(rows).map(toTotals)
}

/** Balances computed anew from every posting booked on or before a day, without any roll-up. */
export async function recomputeTotals(scope: Scope, until: string): Promise<AccountTotals[]> {
  const { organisation_id, tx } = scope
  const rows = await tx.$queryRaw`
    SELECT account, asset, sum(debit) AS debits, sum(credit) AS credits FROM (
      SELECT to_account AS account, asset, amount AS debit, 0 AS credit FROM posting
      WHERE organisation_id = ${organisation_id} AND book_date <= ${until}
      UNION ALL SELECT from_account, asset, 0, amount FROM posting
      WHERE organisation_id = ${organisation_id} AND book_date <= ${until}
    ) legs GROUP BY account, asset ORDER BY account COLLATE "C", asset COLLATE "C"`
  return z.array(totalsRow).parse(rows).map(toTotals)
}

/** The sequence of the newest entry; zero where there is none. */
export async function lastSequence(scope: Scope): Promise<bigint> {
  const rows = await scope.tx.$queryRaw`
    SELECT coalesce(max(sequence), 0) AS last FROM entry WHERE organisation_id = ${scope.organisation_id}`
  return z.array(z.object({ last: bigintColumn })).parse(rows)[0]?.last ?? 0n
}

const piece = z.object({ last: bigintColumn.nullable(), altered: z.string().nullable() })

/**
 * Of the next entries by sequence: the last one's sequence, null when there are none, and the id of the first whose postings do
 * not come to the hash it was booked with. The database computes the same text as `bodyHash`, as names of accounts are ASCII
 * only: books of any size need not be carried out of it.
 */
export async function checkEntries(
  { organisation_id, tx }: Scope,
  { after, limit }: { after: bigint; limit: number },
): Promise<z.infer<typeof piece>> {
  const rows = await tx.$queryRaw`
    WITH page AS (
      SELECT id, sequence, body_hash FROM entry
      WHERE organisation_id = ${organisation_id} AND sequence > ${after.toString()}::bigint
      ORDER BY sequence LIMIT ${limit}
    )
    SELECT max(page.sequence) AS last,
      (array_agg(page.id ORDER BY page.sequence) FILTER (WHERE found.hash IS DISTINCT FROM page.body_hash))[1] AS altered
    FROM page LEFT JOIN LATERAL (
      SELECT encode(sha256(convert_to(string_agg(line, E'\n' ORDER BY line COLLATE "C"), 'UTF8')), 'hex') AS hash
      FROM (
        SELECT '[' || to_json(p.from_account) || ',' || to_json(p.to_account) || ',' || to_json(p.asset) ||
               ',"' || p.amount || '"]' AS line
        FROM posting p WHERE p.organisation_id = ${organisation_id} AND p.entry_id = page.id
      ) lines
    ) found ON true`
  return z.array(piece).length(1).parse(rows)[0] ?? { last: null, altered: null }
}
