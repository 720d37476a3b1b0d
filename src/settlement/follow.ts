// A cent followed through the books: bank line, pay-out, its lines, the invoice, and what was expected and why.
import { Refusal } from '../core/problem.ts'
import type { Scope } from '../store/index.ts'
import { findExpectation } from './expectations.ts'
import { childrenOf, linesById, linesByKey, linesOfDisbursement } from './lines.ts'
import { type Match, readMatches } from './matches.ts'
import type { Expectation } from './model.ts'
import type { fromLineRow } from './store.ts'

type StoredLine = ReturnType<typeof fromLineRow>

/** How many lines of one pay-out are shown. */
const LINES_MAX = 500

/** An invoiced line with its explanation and the lines that collect it and pay it out. */
export type Followed = {
  line: StoredLine
  match: Match | null
  expectation: Expectation | null
  collected: StoredLine[]
  disbursed: StoredLine[]
}
/** What a pay-out has of its own and of no sale, such as a tax, with its explanation. */
export type OwnLine = { line: StoredLine; match: Match | null }
export type Trail = {
  line: StoredLine
  bank: StoredLine[]
  disbursements: StoredLine[]
  invoices: Followed[]
  adjustments: OwnLine[]
}

/** Follows a line in both directions, from wherever it stands. Throws not-found. */
export async function follow(scope: Scope, id: string): Promise<Trail> {
  const [line] = await linesById(scope, [id])
  if (line === undefined) throw new Refusal('not-found', `There is no line ${id}.`)
  const payouts = await payoutLines(scope, line)
  const invoices = await invoicesOf(scope, line, payouts)
  const own = payouts.filter(
    ({ kind, parent_key, agreement_id, cloud_agreement_id }) =>
      kind !== 'disbursement' && parent_key === null && agreement_id === null && cloud_agreement_id === null,
  )
  const matches = await readMatches(
    scope,
    [...invoices, ...own].map(({ id: line_id }) => line_id),
  )
  const children = await childrenOf(scope, invoices)
  const followed: Followed[] = []
  for (const invoice of invoices) {
    const match = matches.get(invoice.id) ?? null
    const own = children.filter(
      (child) => child.parent_key === invoice.key && child.source === invoice.source,
    )
    followed.push({
      line: invoice,
      match,
      expectation:
        match?.expectation_id == null ? null : ((await findExpectation(scope, match.expectation_id)) ?? null),
      collected: own.filter(({ stage }) => stage === 'collected'),
      disbursed: own.filter(({ stage }) => stage === 'disbursed'),
    })
  }
  const keys = new Set(
    [...payouts, ...followed.flatMap(({ disbursed }) => disbursed), line].flatMap(
      ({ disbursement_key, kind, key }) => (kind === 'disbursement' ? key : (disbursement_key ?? [])),
    ),
  )
  const about = await linesOfDisbursement(scope, [...keys], LINES_MAX)
  return {
    line,
    bank: about.filter(({ kind }) => kind === 'bank'),
    disbursements: await linesByKey(scope, [...keys], ['disbursement', 'disbursement_failure']),
    invoices: followed,
    adjustments: own.map((one) => ({ line: one, match: matches.get(one.id) ?? null })),
  }
}

/** The lines of the pay-out that a bank line or a pay-out is about. */
async function payoutLines(scope: Scope, line: StoredLine): Promise<StoredLine[]> {
  const key = line.kind === 'disbursement' ? line.key : line.kind === 'bank' ? line.disbursement_key : null
  if (key === null) return []
  return (await linesOfDisbursement(scope, [key], LINES_MAX)).filter(({ kind }) => kind !== 'bank')
}

async function invoicesOf(
  scope: Scope,
  line: StoredLine,
  payouts: readonly StoredLine[],
): Promise<StoredLine[]> {
  if (line.stage === 'invoiced' || line.stage === 'forgiven') return [line]
  const parents = [line, ...payouts].flatMap(({ parent_key }) => parent_key ?? [])
  return linesByKey(scope, [...new Set(parents)])
}
