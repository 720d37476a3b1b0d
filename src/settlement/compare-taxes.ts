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
      WITH part AS (
        -- Summed in one go and not joined: nobody has counted either side for the planner when a first file is in.
        SELECT connection_id, about AS invoice_id, told->>'currency' AS currency, version,
          (told->>'amount')::numeric AS item, 0::bigint AS line, NULL::int AS digits
        FROM (
          SELECT DISTINCT ON (connection_id, key) connection_id, about, version, told FROM description
          WHERE organisation_id = ${organisation_id} AND kind = 'tax' AND NOT deleted
            AND connection_id = ANY(${await withLines(scope)})
          ORDER BY connection_id, key, valid_from DESC
        ) latest
        UNION ALL
        SELECT source, invoice_id, split_part(asset, '/', 1), NULL, 0, minor, split_part(asset, '/', 2)::int
        FROM statement_line
        WHERE organisation_id = ${organisation_id} AND current AND NOT deleted AND state <> 'staged'
          AND stage = 'invoiced' AND kind IN ('tax', 'tax_remitted_by_cloud')
          AND invoice_id IS NOT NULL
      )
      SELECT connection_id, invoice_id, currency, trim_scale(sum(item))::text AS items, sum(line)::bigint AS lines
      FROM part GROUP BY connection_id, invoice_id, currency
      HAVING max(version COLLATE "C") < ${plus(now(), -SETTLED_MS).toISOString()}
        AND CASE WHEN max(digits) IS NULL THEN sum(item) <> 0
          ELSE sum(line) <> round(sum(item) * power(10::numeric, max(digits))) END
      ORDER BY connection_id, invoice_id, currency`,
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
