// What became of the usage of each set of tags, from the tables alone.
import { z } from 'zod'
import { add, type Decimal, decimal, subtract, sum, zero } from '../../src/core/decimal.ts'
import { tagsText, UNTAGGED } from '../../src/metering/tags.ts'
import { numericColumn, type Scope } from '../../src/store/index.ts'

/** `told`: in records of every state but superseded. The text of no tags stands for what has none. */
export type SetSums = {
  tags: string
  used: Decimal
  drawn: Decimal
  told: Decimal
  carry: Decimal
  lost: Decimal
  untold: Decimal
}

const setRow = z.object({
  tags: z.string(),
  used: numericColumn,
  drawn: numericColumn,
  carry: numericColumn,
  lost: numericColumn,
  untold: numericColumn,
})
const meterRow = z.object({
  agreement_id: z.string(),
  dimension: z.string(),
  used: numericColumn,
  drawn: numericColumn,
  carry: numericColumn,
  lost: numericColumn,
})
const parts = z.array(z.object({ tags: z.record(z.string(), z.string()), quantity: z.string() }))

/** The sets of tags of every agreement, those without usage left out. */
export async function readSets({ tx, organisation_id }: Scope): Promise<Map<string, SetSums[]>> {
  const meters = z.array(meterRow).parse(
    await tx.$queryRaw`
      SELECT m.agreement_id, m.dimension, sum(h.used) AS used, sum(h.drawn) AS drawn, sum(h.lost) AS lost,
             max(m.carry) + COALESCE(sum(h.used) FILTER (WHERE h.state = 'open'), 0) AS carry
      FROM usage_meter m JOIN usage_hour h USING (organisation_id, agreement_id, dimension)
      WHERE m.organisation_id = ${organisation_id} GROUP BY 1, 2`,
  )
  const found = new Map<string, SetSums[]>()
  for (const meter of meters) {
    const where = { organisation_id, agreement_id: meter.agreement_id, dimension: meter.dimension }
    const records = await tx.usage_record.findMany({ where })
    const told = new Map<string, Decimal>()
    // An hour's lost holds what its refused and expired records lost, too.
    let spoiled = zero
    for (const { quantity, allocations, state } of records) {
      if (state === 'superseded') continue
      const whole = [{ tags: {}, quantity: quantity.toFixed() }]
      if (state === 'refused' || state === 'expired') spoiled = add(spoiled, decimal(quantity.toFixed()))
      for (const one of allocations === null ? whole : parts.parse(allocations)) {
        const tags = tagsText(one.tags)
        told.set(tags, add(told.get(tags) ?? zero, decimal(one.quantity)))
      }
    }
    const rows = z.array(setRow).parse(
      await tx.$queryRaw`
        WITH shares AS (
          SELECT s.tags, sum(s.used) AS used, sum(s.used) FILTER (WHERE h.state = 'open') AS open
          FROM usage_share s JOIN usage_hour h USING (organisation_id, agreement_id, dimension, hour)
          WHERE s.organisation_id = ${organisation_id} AND s.agreement_id = ${meter.agreement_id}
            AND s.dimension = ${meter.dimension} GROUP BY s.tags
        ), buckets AS (
          SELECT * FROM usage_bucket WHERE organisation_id = ${organisation_id}
            AND agreement_id = ${meter.agreement_id} AND dimension = ${meter.dimension}
        )
        SELECT tags, COALESCE(used, 0) AS used, COALESCE(drawn, 0) AS drawn, COALESCE(lost, 0) AS lost,
               COALESCE(untold, 0) AS untold, COALESCE(carry, 0) + COALESCE(open, 0) AS carry
        FROM shares FULL JOIN buckets USING (tags)`,
    )
    const tagged = rows.map((row) => ({ ...row, told: told.get(row.tags) ?? zero }))
    const over = (pick: (one: SetSums) => Decimal) => sum(tagged.map(pick))
    const rest: SetSums = {
      tags: UNTAGGED,
      used: subtract(
        meter.used,
        over(({ used }) => used),
      ),
      drawn: subtract(
        meter.drawn,
        over(({ drawn }) => drawn),
      ),
      told: told.get(UNTAGGED) ?? zero,
      carry: subtract(
        meter.carry,
        over(({ carry }) => carry),
      ),
      lost: subtract(
        subtract(meter.lost, spoiled),
        over(({ lost }) => lost),
      ),
      untold: subtract(
        zero,
        over(({ untold }) => untold),
      ),
    }
    const all = [...(found.get(meter.agreement_id) ?? []), ...tagged, rest]
    found.set(
      meter.agreement_id,
      all.filter(({ used, told }) => used.coefficient !== 0n || told.coefficient !== 0n),
    )
  }
  return found
}
