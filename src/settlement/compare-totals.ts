// The reports of a cloud against the lines of the same sales: both tell one money, so only the lines are booked.
import { DAY_MS, plus } from '../core/time.ts'
import { openException, resolveException } from '../exceptions/index.ts'
import type { Scope } from '../store/index.ts'
import { said } from './expected.ts'
import { type ComparedTotals, comparedTotals, reportsAlone } from './store-totals.ts'

/** Lines come a day after what they tell of, late ones some days after. */
const SETTLED_MS = 5 * DAY_MS

/** Tells a person where a report and the lines differ; a difference that is gone resolves itself. */
export async function compareTotals(scope: Scope): Promise<void> {
  const alone = new Set(await reportsAlone(scope))
  for (const connection_id of alone) {
    await openException(scope, {
      kind: 'report_difference',
      subject_id: connection_id,
      sentence: 'Reports came for this connection, but no line of money that they could be held against.',
      fix: 'Set up the delivery of the billing feed, or bring its files: reports are compared, never booked.',
    })
  }
  const compared = await comparedTotals(scope, plus(scope.now(), -SETTLED_MS), [...alone])
  for (const found of compared) {
    const subject_id = `${found.agreement_id} ${found.format} ${found.asset}`
    if (found.different === 0n) await resolveException(scope, 'report_difference', subject_id)
    else await tellDifference(scope, subject_id, found)
  }
  const connections = await scope.tx.connection.findMany({
    where: { organisation_id: scope.organisation_id },
    select: { id: true },
  })
  const heard = connections.map(({ id }) => id).filter((id) => !alone.has(id))
  await resolveException(scope, 'report_difference', heard)
}

async function tellDifference(scope: Scope, subject_id: string, found: ComparedTotals): Promise<void> {
  const { cloud_agreement_id, format, asset, booked, sales, different } = found
  await openException(scope, {
    kind: 'report_difference',
    subject_id,
    sentence: `Agreement ${cloud_agreement_id}: the report ${format} says ${said(asset, found.said)} where the lines come to ${said(asset, booked)}, in ${different} of ${sales} sales.`,
    fix: 'Export the report anew, and import the billing files of its months; ask the cloud about what still differs.',
    amount: { asset, amount: found.said - booked },
  })
}
