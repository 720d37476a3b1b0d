// What matching tells people: exceptions that open when something stays unexplained and close by themselves.
import type { Agreement } from '../agreements/model.ts'
import { DAY_MS, dateOf } from '../core/time.ts'
import { describe } from '../descriptions/index.ts'
import type { Described } from '../descriptions/model.ts'
import { openException, openSubjects, resolveException } from '../exceptions/index.ts'
import type { Scope } from '../store/index.ts'
import type { Explanation } from './case.ts'
import { said } from './expected.ts'
import { longWaiting, unknownStages } from './lines.ts'
import type { Cause, Line } from './model.ts'

/** How long lines wait for their agreement before a person is told: events may come late, but not this late. */
const WAITING_MAX_MS = 3 * DAY_MS

export async function tellUnexplained(scope: Scope, agreement: Agreement, item: Explanation): Promise<void> {
  const cause = item.causes.find((candidate) => candidate.cause === 'unknown')
  if (cause === undefined) return
  await openException(scope, {
    kind: 'line_unexplained',
    subject_id: item.line.id,
    sentence: `Agreement ${agreement.cloud_agreement_id}: ${cause.sentence}`,
    fix: 'Compare the invoice with the agreement. If the cloud is wrong, dispute it; if the terms changed, bring the agreement up to date and it is matched again.',
    amount: { asset: item.line.asset, amount: cause.amount },
  })
}

/** A line of a pay-out that belongs to no agreement, and that the cloud does not explain. */
export async function tellUnnamed(scope: Scope, line: Line, { sentence, amount }: Cause): Promise<void> {
  await openException(scope, {
    kind: 'line_unexplained',
    subject_id: line.id,
    sentence: `Pay-out ${line.disbursement_key ?? ''}: ${sentence}`,
    fix: 'Look the pay-out up at the cloud and ask what this is.',
    amount: { asset: line.asset, amount },
  })
}

export async function tellUnknownStages(scope: Scope): Promise<void> {
  for (const line of await unknownStages(scope)) {
    await openException(scope, {
      kind: 'line_unexplained',
      subject_id: line.id,
      sentence: `Line ${line.key} of ${said(line.asset, line.minor)} is at a stage this version does not know. It is kept and not booked.`,
      fix: 'Look the line up at the cloud and tell us what it is.',
      amount: { asset: line.asset, amount: line.minor },
    })
  }
}

export async function tellWaiting(scope: Scope): Promise<void> {
  const waiting = await longWaiting(scope, WAITING_MAX_MS)
  const described = await describe(
    scope,
    waiting.map(({ connection_id, cloud_agreement_id: id }) => ({
      id,
      connection_id,
      agreement_id: id,
      offer_id: null,
      at: scope.now(),
    })),
  )
  for (const { cloud_agreement_id, lines, since } of waiting) {
    const named = namedBy(described.get(cloud_agreement_id))
    await openException(scope, {
      kind: 'line_waiting',
      subject_id: cloud_agreement_id,
      sentence: `${lines} lines have waited since ${dateOf(since)} for agreement ${cloud_agreement_id}${named}, which is not known here.`,
      fix: 'Read the agreements of the connection again, or check that the connection is the right account.',
    })
  }
  const still = new Set(waiting.map(({ cloud_agreement_id }) => cloud_agreement_id))
  const gone = (await openSubjects(scope, 'line_waiting')).filter((subject) => !still.has(subject))
  await resolveException(scope, 'line_waiting', gone)
}

/** " (Ledger Cloud, offer Spring, for Acme GmbH)", as far as the cloud's files tell. */
function namedBy(of: Described | undefined): string {
  const parts = [
    ...(of?.products ?? []).flatMap(({ title }) => title ?? []),
    ...(of?.offer ? [`offer ${of.offer}`] : []),
    ...(of?.buyer?.name ? [`for ${of.buyer.name}`] : []),
  ]
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}
