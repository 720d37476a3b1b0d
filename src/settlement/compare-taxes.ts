// What the cloud says its taxes are made of, against the tax lines of the same invoices: a sum that has no parts, or parts
// that no line holds, need a person before somebody files them.
import { z } from 'zod'
import { parseDecimal } from '../core/decimal.ts'
import { currencies, roundMoney } from '../core/money.ts'
import { DAY_MS, plus } from '../core/time.ts'
import { openException, openSubjects, resolveException } from '../exceptions/index.ts'
import { bigintColumn, type Scope } from '../store/index.ts'
import { said } from './expected.ts'
import { isReading } from './store.ts'

/** Lines and the items of their taxes come in files of their own, and late ones some days after. */
const SETTLED_MS = 5 * DAY_MS
const PREFIX = 'tax '

const comparedRow = z.object({
  connection_id: z.string(),
  invoice_id: z.string(),
  currency: z.string(),
  /** What the items come to, and what the lines do. */
  items: z.string(),
  lines: bigintColumn,
})

/** Tells a person where the items of an invoice's taxes are not the tax that was billed; it resolves itself. */
export async function compareTaxes(scope: Scope): Promise<void> {
  if (await isReading(scope)) return
  const told = new Set<string>()
  for (const { connection_id, invoice_id, currency, items, lines } of await differentTaxes(scope)) {
    const exact = parseDecimal(items)
    if (exact === undefined || !currencies.includes(currency)) continue
    const { asset, amount } = roundMoney(currency, exact, 'half_up')
    const subject_id = `${PREFIX}${connection_id} ${invoice_id} ${currency}`
    told.add(subject_id)
    await openException(scope, {
      kind: 'report_difference',
      subject_id,
      sentence: `Invoice ${invoice_id}: the cloud's list of taxes comes to ${said(asset, amount)} where the tax lines come to ${said(asset, lines)}.`,
      fix: 'Import the tax and billing files of its month anew, and ask the cloud about what still differs before you file the tax.',
      amount: { asset, amount: amount - lines },
    })
  }
  const open = await openSubjects(scope, 'report_difference')
  const gone = open.filter((subject) => subject.startsWith(PREFIX) && !told.has(subject))
  await resolveException(scope, 'report_difference', gone)
}

/** Of connections whose billing files never came nothing can be said. */
async function differentTaxes(scope: Scope): Promise<z.infer<typeof comparedRow>[]> {
  const { organisation_id, tx, now } = scope
  return z.array(comparedRow).parse(
    await tx.$queryRaw`
      WITH item AS (
        SELECT DISTINCT ON (d.connection_id, d.key) d.connection_id, d.about AS invoice_id, d.version, d.told
        FROM description d
        WHERE d.organisation_id = ${organisation_id} AND d.kind = 'tax' AND NOT d.deleted
          AND d.connection_id = ANY(${await withLines(scope)})
        ORDER BY d.connection_id, d.key, d.valid_from DESC
      ), taxed AS (
        SELECT connection_id, invoice_id, told->>'currency' AS currency, sum((told->>'amount')::numeric) AS amount
        FROM item GROUP BY connection_id, invoice_id, told->>'currency'
        HAVING max(version COLLATE "C") < ${plus(now(), -SETTLED_MS).toISOString()}
      ), billed AS (
        SELECT source, invoice_id, asset, sum(minor) AS minor FROM statement_line
        WHERE organisation_id = ${organisation_id} AND current AND NOT deleted AND state <> 'staged'
          AND stage IN ('invoiced', 'forgiven') AND kind IN ('tax', 'tax_remitted_by_cloud')
        GROUP BY source, invoice_id, asset
      )
      SELECT t.connection_id, t.invoice_id, t.currency, trim_scale(t.amount)::text AS items,
        coalesce(b.minor, 0)::bigint AS lines
      FROM taxed t LEFT JOIN billed b ON b.source = t.connection_id AND b.invoice_id = t.invoice_id
        AND split_part(b.asset, '/', 1) = t.currency
      WHERE b.minor IS NULL AND t.amount <> 0
        OR b.minor <> round(t.amount * power(10::numeric, split_part(b.asset, '/', 2)::int))
      ORDER BY t.connection_id, t.invoice_id, t.currency`,
  )
}

async function withLines({ organisation_id, tx }: Scope): Promise<string[]> {
  const rows = await tx.$queryRaw`
    SELECT c.id FROM connection c WHERE c.organisation_id = ${organisation_id} AND EXISTS (
      SELECT 1 FROM statement_line l WHERE l.organisation_id = c.organisation_id AND l.source = c.id)`
  return z
    .array(z.object({ id: z.string() }))
    .parse(rows)
    .map(({ id }) => id)
}
