// The table of matches: how each line was explained and what was booked for it, so that it can be taken back exactly.
import { z } from 'zod'
import { canonicalJson } from '../core/canonical.ts'
import type { Asset } from '../core/money.ts'
import { type EntryDraft, type Posting, post, recipes } from '../ledger/index.ts'
import { type Prisma, type Scope, toJson } from '../store/index.ts'
import { type Cause, causeNames, type Line } from './model.ts'

const booked = z.array(
  z.object({
    reference: z.string(),
    basis: z.enum(['evidence', 'expectation', 'estimate']),
    postings: z.array(z.object({ from: z.string(), to: z.string(), asset: z.string(), amount: z.string() })),
  }),
)
const causes = z.array(
  z.object({
    cause: z.enum(causeNames),
    amount: z.string().transform(BigInt),
    sentence: z.string(),
    arithmetic: z.record(z.string(), z.string()),
  }),
)

export type Match = {
  id: string
  line_id: string
  expectation_id: string | null
  agreement_id: string | null
  revision: number
  stage: string
  expected: bigint
  received: bigint
  asset: Asset
  causes: Cause[]
  booked: { reference: string; basis: EntryDraft['basis']; postings: Posting[] }[]
}

/** A match before it is written. `entries` is given the revision, so that every booking has a reference of its own. */
export type MatchDraft = Pick<
  Match,
  'line_id' | 'expectation_id' | 'agreement_id' | 'stage' | 'expected' | 'received' | 'asset' | 'causes'
> & { entries: (suffix: string) => (EntryDraft | null)[] }

/** A match as it is stored. */
export function fromMatchRow(row: Prisma.matchGetPayload<Record<string, never>>): Match {
  return {
    ...row,
    asset: row.asset as Asset,
    causes: causes.parse(row.causes),
    booked: booked.parse(row.booked).map(({ reference, basis, postings }) => ({
      reference,
      basis,
      postings: postings.map(({ from, to, asset, amount }) => ({
        from,
        to,
        money: { asset: asset as Asset, amount: BigInt(amount) },
      })),
    })),
  }
}

/** The standing matches of some lines, by line. */
export async function readMatches(scope: Scope, line_ids: readonly string[]): Promise<Map<string, Match>> {
  const rows = await scope.tx.match.findMany({
    where: { organisation_id: scope.organisation_id, line_id: { in: [...line_ids] }, current: true },
  })
  return new Map(rows.map((row) => [row.line_id, fromMatchRow(row)]))
}

/** The standing matches of some expectations. */
export async function readMatchesOf(scope: Scope, expectation_ids: readonly string[]): Promise<Match[]> {
  const rows = await scope.tx.match.findMany({
    where: {
      organisation_id: scope.organisation_id,
      expectation_id: { in: [...expectation_ids] },
      current: true,
    },
    orderBy: { id: 'asc' },
  })
  return rows.map(fromMatchRow)
}

/** Writes matches that differ from what stands; what stood is taken back and booked anew. Answers how many changed. */
export async function writeMatches(scope: Scope, drafts: readonly MatchDraft[]): Promise<number> {
  const standing = await readMatches(
    scope,
    drafts.map(({ line_id }) => line_id),
  )
  const changed = drafts.filter((draft) => {
    const known = standing.get(draft.line_id)
    return known === undefined || body(known) !== body(draft)
  })
  if (changed.length === 0) return 0
  await takeBack(
    scope,
    changed.flatMap(({ line_id }) => standing.get(line_id) ?? []),
    'explained anew',
  )
  const revisions = await lastRevisions(
    scope,
    changed.map(({ line_id }) => line_id),
  )
  const entries: EntryDraft[] = []
  const data = changed.map(({ entries: make, ...draft }) => {
    const revision = (revisions.get(draft.line_id) ?? 0) + 1
    const made = make(revision === 1 ? '' : `/r${revision}`).filter((entry) => entry !== null)
    entries.push(...made)
    return {
      organisation_id: scope.organisation_id,
      id: scope.id('match'),
      ...draft,
      revision,
      current: true,
      causes: toJson(draft.causes.map((item) => ({ ...item, amount: item.amount.toString() }))),
      booked: toJson(made.map(bookedJson)),
      matched_at: scope.now(),
    }
  })
  await post(scope, entries)
  await scope.tx.match.createMany({ data })
  return changed.length
}

function body(
  match: Pick<Match, 'expectation_id' | 'agreement_id' | 'expected' | 'received' | 'asset' | 'causes'>,
): string {
  const { expectation_id, agreement_id, expected, received, asset } = match
  return canonicalJson([expectation_id, agreement_id, expected, received, asset, match.causes])
}

function bookedJson({ reference, basis, postings }: EntryDraft) {
  return {
    reference,
    basis,
    postings: postings.map(({ from, to, money }) => ({
      from,
      to,
      asset: money.asset,
      amount: money.amount.toString(),
    })),
  }
}

/** Corrects what was booked for some matches; they stay, visible, and count no more. */
export async function takeBack(scope: Scope, matches: readonly Match[], reason: string): Promise<void> {
  if (matches.length === 0) return
  const corrections = matches.flatMap((match) =>
    match.booked.map((entry) =>
      recipes.correction(entry, {
        occurred_at: scope.now(),
        evidence: { line_id: match.line_id, match_id: match.id, reason },
      }),
    ),
  )
  await post(scope, corrections)
  await scope.tx.match.updateMany({
    where: { organisation_id: scope.organisation_id, id: { in: matches.map(({ id }) => id) } },
    data: { current: false },
  })
}

async function lastRevisions(scope: Scope, line_ids: string[]): Promise<Map<string, number>> {
  const rows = await scope.tx.match.groupBy({
    by: ['line_id'],
    where: { organisation_id: scope.organisation_id, line_id: { in: line_ids } },
    _max: { revision: true },
  })
  return new Map(rows.map((row) => [row.line_id, row._max.revision ?? 0]))
}

/** Standing matches of lines that were restated or taken back by the cloud. */
export async function staleMatches(scope: Scope, limit: number): Promise<Match[]> {
  const ids = z.array(z.object({ id: z.string() })).parse(
    await scope.tx.$queryRaw`
      SELECT m.id FROM match m
      JOIN statement_line l ON l.organisation_id = m.organisation_id AND l.id = m.line_id
      WHERE m.organisation_id = ${scope.organisation_id} AND m.current AND (NOT l.current OR l.deleted)
      ORDER BY m.id LIMIT ${limit}`,
  )
  const rows = await scope.tx.match.findMany({
    where: { organisation_id: scope.organisation_id, id: { in: ids.map(({ id }) => id) } },
    orderBy: { id: 'asc' },
  })
  return rows.map(fromMatchRow)
}

/** The key under which everything about one version of a line is booked. */
export function bookingKey(line: Pick<Line, 'source' | 'key' | 'version'>): string {
  return `${line.source}/${line.key}/${line.version}`
}
