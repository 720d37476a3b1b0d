import { formatDecimal } from '../core/decimal.ts'
import type { Scope } from '../store/index.ts'
import type { ReadItem } from './read.ts'
import type { Statement } from './store.ts'

/**
 * Writes what the cloud says was used. Of a part the file that came last stands, also when an older one is read
 * after it; a file that tells only what was learned since the last one writes a part of its own.
 */
export async function insertReadings(scope: Scope, statement: Statement, items: ReadItem[]): Promise<void> {
  const rows = items
    .flatMap((item) => (item.is === 'usage' ? [item.usage] : []))
    .map((usage) => ({
      cloud_agreement_id: usage.agreement_id,
      dimension: usage.dimension,
      on_date: usage.on,
      part: usage.part ?? '',
      quantity: formatDecimal(usage.quantity),
    }))
  if (rows.length === 0) return
  await scope.tx.$executeRaw`
    INSERT INTO usage_reading (organisation_id, cloud_agreement_id, dimension, on_date, part, quantity, statement_id,
      read_at)
    SELECT ${scope.organisation_id}, u.cloud_agreement_id, u.dimension, u.on_date, u.part, sum(u.quantity),
      ${statement.id}, ${scope.now()}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS u (cloud_agreement_id text, dimension text, on_date text, part text, quantity numeric)
    GROUP BY u.cloud_agreement_id, u.dimension, u.on_date, u.part
    ON CONFLICT (organisation_id, cloud_agreement_id, dimension, on_date, part) DO UPDATE SET
      quantity = CASE WHEN usage_reading.statement_id = EXCLUDED.statement_id
        THEN usage_reading.quantity + EXCLUDED.quantity ELSE EXCLUDED.quantity END,
      statement_id = EXCLUDED.statement_id, read_at = EXCLUDED.read_at
    WHERE usage_reading.statement_id <= EXCLUDED.statement_id`
}
