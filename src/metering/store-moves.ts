import { z } from 'zod'
import { add, compare, type Decimal, formatDecimal, sum, zero } from '../core/decimal.ts'
import { numericColumn, type Scope } from '../store/index.ts'
import type { MeterKey } from './model.ts'
import type { Movement } from './plan-model.ts'
import { hourText } from './store-hours.ts'

export type HourMove = Omit<Movement, 'closes'> & MeterKey & { deadline_at: Date }

const movedRow = z.object({
  agreement_id: z.string(),
  dimension: z.string(),
  hour: z.date(),
  used: numericColumn,
  drawn: numericColumn,
  sent: numericColumn,
  carried_in: numericColumn,
  carried_out: numericColumn,
  lost: numericColumn,
})

/** Adds movements to hours, which are closed thereby. Throws when an hour does not add up afterwards. */
export async function moveHours(scope: Scope, moves: readonly HourMove[]): Promise<void> {
  const merged = mergeMoves(moves)
  if (merged.length === 0) return
  const text = (pick: (move: HourMove) => Decimal) => merged.map((move) => formatDecimal(pick(move)))
  const rows = await scope.tx.$queryRaw`
    INSERT INTO usage_hour AS kept (organisation_id, agreement_id, dimension, hour, state, events, measured, used, drawn,
                            sent, carried_in, carried_out, lost, late, late_pending, deadline_at, closed_at)
    SELECT ${scope.organisation_id}, agreement_id, dimension, hour::timestamptz, 'closed', 0, 0, 0, drawn::numeric,
           sent::numeric, carried_in::numeric, carried_out::numeric, lost::numeric, 0, 0, deadline_at::timestamptz,
           ${scope.now()}
    FROM unnest(
      ${merged.map(({ agreement_id }) => agreement_id)}::text[], ${merged.map(({ dimension }) => dimension)}::text[],
      ${merged.map(({ hour }) => hour.toISOString())}::text[], ${text(({ drawn }) => drawn)}::text[],
      ${text(({ sent }) => sent)}::text[], ${text(({ carried_in }) => carried_in)}::text[],
      ${text(({ carried_out }) => carried_out)}::text[], ${text(({ lost }) => lost)}::text[],
      ${merged.map(({ deadline_at }) => deadline_at.toISOString())}::text[]
    ) AS moved (agreement_id, dimension, hour, drawn, sent, carried_in, carried_out, lost, deadline_at)
    ORDER BY agreement_id, dimension, hour
    ON CONFLICT (organisation_id, agreement_id, dimension, hour) DO UPDATE SET
      state = 'closed', closed_at = COALESCE(kept.closed_at, EXCLUDED.closed_at), drawn = kept.drawn + EXCLUDED.drawn,
      sent = kept.sent + EXCLUDED.sent, carried_in = kept.carried_in + EXCLUDED.carried_in,
      carried_out = kept.carried_out + EXCLUDED.carried_out, lost = kept.lost + EXCLUDED.lost
    RETURNING agreement_id, dimension, hour, used, drawn, sent, carried_in, carried_out, lost`
  for (const row of z.array(movedRow).parse(rows)) {
    if (compare(add(row.used, row.carried_in), sum([row.drawn, row.sent, row.carried_out, row.lost])) !== 0) {
      throw new Error(`Usage does not add up: ${hourText(row)}`)
    }
  }
}

function mergeMoves(moves: readonly HourMove[]): HourMove[] {
  const merged = new Map<string, HourMove>()
  for (const move of moves) {
    const known = merged.get(hourText(move))
    merged.set(hourText(move), {
      ...move,
      drawn: add(known?.drawn ?? zero, move.drawn),
      sent: add(known?.sent ?? zero, move.sent),
      carried_in: add(known?.carried_in ?? zero, move.carried_in),
      carried_out: add(known?.carried_out ?? zero, move.carried_out),
      lost: add(known?.lost ?? zero, move.lost),
    })
  }
  return [...merged.values()]
}
