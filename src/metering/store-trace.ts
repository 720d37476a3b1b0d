// What a trace asks of usage: which hours stand behind a month, and which hour a record was for.
import type { Decimal } from '../core/decimal.ts'
import { fromNumeric, type Scope } from '../store/index.ts'

export async function readAcceptedHours(
  scope: Scope,
  agreement_id: string,
  dimension: string,
  { from, until }: { from: Date; until: Date },
): Promise<{ hour: Date; quantity: Decimal }[]> {
  const rows = await scope.tx.usage_record.groupBy({
    by: ['hour'],
    where: {
      organisation_id: scope.organisation_id,
      agreement_id,
      dimension,
      state: 'accepted',
      hour: { gte: from, lt: until },
    },
    _sum: { quantity: true },
    orderBy: { hour: 'asc' },
  })
  return rows.flatMap(({ hour, _sum }) =>
    _sum.quantity === null ? [] : [{ hour, quantity: fromNumeric(_sum.quantity) }],
  )
}

export async function findRecordById(
  scope: Scope,
  id: string,
): Promise<{ agreement_id: string; dimension: string; hour: Date } | undefined> {
  const { organisation_id, tx } = scope
  const row = await tx.usage_record.findUnique({
    where: { organisation_id_id: { organisation_id, id } },
    select: { agreement_id: true, dimension: true, hour: true },
  })
  return row ?? undefined
}
