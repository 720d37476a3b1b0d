// Makes a small installation large: rows that are there are written again, many times, each a little different. For
// looking at screens and measuring them; never for a database that somebody needs.
import type pg from 'pg'

export type Sizes = { offers: number; entries: number; lines: number; hours: number; exceptions: number }

/** A copy has a number n; columns that must differ are said in SQL with it, all others are the template's. */
type Copies = {
  table: string
  /** Which row is copied: the first of the organisation that fits. */
  where?: string
  count: number
  columns: Readonly<Record<string, string>>
}

/** An id of our form with a number in it. */
const id = (prefix: string, n = 'n') => `'${prefix}_' || lpad((${n})::text, 26, '0')`
const oneOf = (states: readonly string[]) =>
  `(ARRAY[${states.map((state) => `'${state}'`).join(', ')}])[1 + n % ${states.length}]`

/** Copies one row of an organisation many times, in one statement. Answers how many were written. */
async function multiply(pool: pg.Pool, organisation_id: string, copies: Copies): Promise<number> {
  const { table, where = 'true', count, columns } = copies
  const names = await pool.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position`,
    [table],
  )
  const all = names.rows.map(({ name }) => name)
  const values = all.map((name) => columns[name] ?? `t."${name}"`)
  const { rowCount } = await pool.query(
    `INSERT INTO "${table}" (${all.map((name) => `"${name}"`).join(', ')}) SELECT ${values.join(', ')}
     FROM (SELECT * FROM "${table}" WHERE organisation_id = $1 AND ${where} LIMIT 1) t, generate_series(1, $2::int) n`,
    [organisation_id, count],
  )
  if (rowCount !== count)
    throw new Error(`There is no row of ${table} to copy. Live the demonstration first.`)
  return count
}

/** Makes an organisation that lived the demonstration as large as is asked. Once: a second time the ids are taken. */
export async function seed(pool: pg.Pool, organisation_id: string, sizes: Sizes): Promise<void> {
  const day = "to_char(date '2025-01-01' + (n % 900), 'YYYY-MM-DD')"
  const later = (column: string) => `t."${column}" + n * interval '1 minute'`
  const copies: Copies[] = [
    {
      table: 'deal',
      count: Math.ceil(sizes.offers / 10),
      columns: {
        id: id('deal'),
        name: `t.name || ' ' || n`,
        buyer_name: `'Buyer ' || n`,
        created_at: later('created_at'),
      },
    },
    {
      table: 'offer',
      count: sizes.offers,
      columns: {
        id: id('offer'),
        deal_id: id('deal', `1 + n % ${Math.ceil(sizes.offers / 10)}`),
        name: `t.name || ' ' || n`,
        cloud_offer_id: `'seeded-' || n`,
        state: oneOf(['live', 'accepted', 'accepted', 'expired', 'withdrawn', 'failed']),
        expires_on: day,
        updated_at: later('updated_at'),
      },
    },
    {
      table: 'agreement',
      count: Math.ceil(sizes.offers / 5),
      columns: {
        id: id('agr'),
        cloud_agreement_id: `'seeded-' || n`,
        buyer_account_id: `lpad(n::text, 12, '0')`,
        state: oneOf(['active', 'active', 'pending', 'ended', 'cancelled']),
        updated_at: later('updated_at'),
      },
    },
    {
      table: 'usage_hour',
      count: sizes.hours,
      columns: {
        agreement_id: id('agr', 'n % 100'),
        hour: `timestamptz '2024-01-01' + (n / 100) * interval '1 hour'`,
        deadline_at: `timestamptz '2024-01-01' + (n / 100 + 6) * interval '1 hour'`,
      },
    },
    {
      table: 'statement_line',
      where: "kind = 'sale'",
      count: sizes.lines,
      columns: { id: id('line'), key: `'seeded-' || n`, occurred_at: later('occurred_at') },
    },
    {
      table: 'exception_item',
      where: "state = 'resolved'",
      count: sizes.exceptions,
      columns: {
        id: id('exc'),
        subject_id: `'seeded-' || n`,
        state: oneOf(['open', 'resolved']),
        amount: 'n',
        asset: `'USD/2'`,
        created_at: later('created_at'),
      },
    },
    ...entries(sizes.entries, day),
  ]
  for (const one of copies) await multiply(pool, organisation_id, one)
  await pool.query(
    `INSERT INTO account_balance (organisation_id, account, asset, debits, credits)
     SELECT organisation_id, account, asset, sum(debits), sum(credits) FROM (
       SELECT organisation_id, to_account AS account, asset, amount AS debits, 0 AS credits FROM posting
       WHERE organisation_id = $1 AND entry_id LIKE 'entry\\_000000%'
       UNION ALL
       SELECT organisation_id, from_account, asset, 0, amount FROM posting
       WHERE organisation_id = $1 AND entry_id LIKE 'entry\\_000000%'
     ) moved GROUP BY 1, 2, 3
     ON CONFLICT (organisation_id, account, asset) DO UPDATE
     SET debits = account_balance.debits + excluded.debits, credits = account_balance.credits + excluded.credits`,
    [organisation_id],
  )
  await pool.query('ANALYZE')
}

/** Far above the sequences of what was booked by itself, so that an entry and its posting agree. */
const SEQUENCES = 1_000_000_000

function entries(count: number, day: string): Copies[] {
  const agreement = `lpad((n % 5000)::text, 26, '0')`
  return [
    {
      table: 'entry',
      count,
      columns: {
        id: id('entry'),
        sequence: `${SEQUENCES} + n`,
        reference: `'seeded:' || n`,
        book_date: day,
        occurred_at: `timestamptz '2025-01-01' + (n % 900) * interval '1 day'`,
      },
    },
    {
      table: 'posting',
      where: 'number = 1',
      count,
      columns: {
        entry_id: id('entry'),
        number: '1',
        entry_sequence: `${SEQUENCES} + n`,
        from_account: `'clearing:agr_' || ${agreement}`,
        to_account: `'receivable:invoiced:agr_' || ${agreement}`,
        asset: `'USD/2'`,
        amount: '1 + n % 1000000',
        book_date: day,
      },
    },
  ]
}
