// What drew on a promise: line by line, and month by month.
import { z } from 'zod'
import type { Month } from '../core/time.ts'
import { bigintColumn, type Scope } from '../store/index.ts'
import type { Drawdown } from './store.ts'

/** Behind which drawdown a page begins. */
export type DrawdownPlace = { occurred_at: Date; line_key: string }

type DrawdownFilter = {
  commitment_id: string
  agreement_id?: string | undefined
  descending: boolean
  after: DrawdownPlace | undefined
  limit: number
}

/** The drawdowns of one promise in the order in which they happened. */
export async function readDrawdowns(scope: Scope, filter: DrawdownFilter): Promise<Drawdown[]> {
  const { commitment_id, agreement_id, descending, after, limit } = filter
  const direction = descending ? 'desc' : 'asc'
  const beyond = descending ? 'lt' : 'gt'
  return scope.tx.commitment_drawdown.findMany({
    where: {
      organisation_id: scope.organisation_id,
      commitment_id,
      ...(agreement_id === undefined ? {} : { agreement_id }),
      ...(after === undefined
        ? {}
        : {
            OR: [
              { occurred_at: { [beyond]: after.occurred_at } },
              { occurred_at: after.occurred_at, line_key: { [beyond]: after.line_key } },
            ],
          }),
    },
    orderBy: [{ occurred_at: direction }, { line_key: direction }],
    take: limit,
  })
}

const monthRow = z.object({ month: z.string(), drawn: bigintColumn })

/** What was drawn in each month that anything was. */
export async function drawnByMonth(scope: Scope, commitment_id: string): Promise<Map<Month, bigint>> {
  const rows = z.array(monthRow).parse(
    await scope.tx.$queryRaw`
      SELECT to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month, sum(drawn) AS drawn
      FROM commitment_drawdown
      WHERE organisation_id = ${scope.organisation_id} AND commitment_id = ${commitment_id} GROUP BY 1`,
  )
  return new Map(rows.map(({ month, drawn }) => [month, drawn]))
}
