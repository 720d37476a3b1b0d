// What a large organisation is made of: each table with the row that is copied, how often, and what differs.

export type Sizes = { offers: number; entries: number; lines: number; hours: number; exceptions: number }

/** A copy has a number n; columns that must differ are said in SQL with it, all others are the template's. */
export type Copies = {
  table: string
  /** Where the row that is copied is from, where it is another table: all columns are said then. */
  from?: string
  /** Which row is copied: the first of the organisation that fits. */
  where?: string
  count: number
  columns: Readonly<Record<string, string>>
}

/** An id of our form with a number in it. */
const id = (prefix: string, n = 'n') => `'${prefix}_' || lpad((${n})::text, 26, '0')`
const oneOf = (states: readonly string[]) =>
  `(ARRAY[${states.map((state) => `'${state}'`).join(', ')}])[1 + n % ${states.length}]`

/** Far above the sequences of what was booked by itself, so that an entry and its posting agree. */
export const SEQUENCES = 1_000_000_000

/** Everything that is written, in the order it is. */
export const copiesOf = (sizes: Sizes): Copies[] => [
  ...selling(sizes),
  ...statements(sizes),
  ...promises(sizes),
  ...entries(sizes),
]

const day = (from: string) => `to_char(date '${from}' + (n % 900), 'YYYY-MM-DD')`
const later = (column: string) => `t."${column}" + n * interval '1 minute'`
const agreementsOf = ({ offers }: Sizes) => Math.ceil(offers / 5)
const dealsOf = ({ offers }: Sizes) => Math.ceil(offers / 10)

function selling(sizes: Sizes): Copies[] {
  return [
    {
      table: 'deal',
      count: dealsOf(sizes),
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
        deal_id: id('deal', `1 + n % ${dealsOf(sizes)}`),
        name: `t.name || ' ' || n`,
        cloud_offer_id: `'seeded-' || n`,
        state: oneOf(['live', 'accepted', 'accepted', 'expired', 'withdrawn', 'failed']),
        expires_on: day('2025-01-01'),
        updated_at: later('updated_at'),
      },
    },
    {
      table: 'agreement',
      count: agreementsOf(sizes),
      columns: {
        id: id('agr'),
        cloud_agreement_id: `'seeded-' || n`,
        offer_id: id('offer'),
        buyer_account_id: `lpad(n::text, 12, '0')`,
        state: oneOf(['active', 'active', 'pending', 'ended', 'cancelled']),
        updated_at: later('updated_at'),
      },
    },
    {
      table: 'usage_hour',
      count: sizes.hours,
      columns: {
        agreement_id: id('agr', '1 + n % 100'),
        hour: `timestamptz '2024-01-01' + (n / 100) * interval '1 hour'`,
        deadline_at: `timestamptz '2024-01-01' + (n / 100 + 6) * interval '1 hour'`,
      },
    },
  ]
}

/** Lines of a file, on average. */
const FILE_LINES = 100
/** Sales of a pay-out, on average. */
const PAYOUT_SALES = 500

/** Each sale has three lines that belong together: invoiced, collected, and put into a pay-out. */
function statements(sizes: Sizes): Copies[] {
  const sale = '((n - 1) / 3)'
  const stage = '(n - 1) % 3'
  const agreement_id = id('agr', `1 + ${sale} % ${agreementsOf(sizes)}`)
  const minor = `(1000 + ${sale} % 90000)::bigint * CASE WHEN ${stage} = 2 THEN -1 ELSE 1 END`
  const sales = Math.floor(sizes.lines / 3)
  const expected = { agreement_id: id('agr', `1 + (n - 1) % ${agreementsOf(sizes)}`), asset: `'USD/2'` }
  const amount = '(1000 + (n - 1) % 90000)::bigint'
  return [
    {
      table: 'statement',
      where: "state = 'imported'",
      count: Math.ceil(sizes.lines / FILE_LINES),
      columns: {
        id: id('stmt'),
        name: `'seeded/' || n || '.csv'`,
        sha256: `md5(n::text)`,
        lines_read: `${FILE_LINES}`,
        lines_new: `CASE WHEN n % 3 = 0 THEN 0 ELSE ${FILE_LINES} END`,
        received_at: later('received_at'),
      },
    },
    {
      table: 'statement_line',
      where: "kind = 'sale' AND stage = 'invoiced' AND state = 'explained' AND current",
      count: sales * 3,
      columns: {
        id: id('line'),
        statement_id: id('stmt', `1 + (n - 1) / ${FILE_LINES}`),
        key: `'seeded-' || n`,
        stage: `(ARRAY['invoiced', 'collected', 'disbursed'])[1 + ${stage}]`,
        amount: `(${minor}) / 100.0`,
        minor,
        currency: `'USD'`,
        asset: `'USD/2'`,
        agreement_id,
        cloud_agreement_id: `'seeded-' || (1 + ${sale} % ${agreementsOf(sizes)})`,
        invoice_id: `'INV-' || ${sale}`,
        parent_key: `CASE WHEN ${stage} = 0 THEN NULL ELSE 'seeded-' || (1 + 3 * ${sale}) END`,
        disbursement_key: `CASE WHEN ${stage} = 2 THEN 'seeded-pay-' || ${sale} / ${PAYOUT_SALES} END`,
        occurred_at: `timestamptz '2025-01-01' + (${sale} % 900) * interval '1 day' + ${stage} * interval '1 hour'`,
      },
    },
    {
      table: 'expectation',
      where: "kind = 'instalment'",
      count: sales,
      columns: {
        ...expected,
        id: id('match'),
        key: `'seeded-' || n`,
        due_on: day('2025-01-01'),
        amount,
      },
    },
    {
      table: 'match',
      where: "current AND causes = '[]'::jsonb AND expectation_id IS NOT NULL",
      count: sales,
      columns: {
        ...expected,
        id: id('match'),
        line_id: id('line', '3 * n - 2'),
        expectation_id: id('match'),
        expected: amount,
        received: amount,
        revision: '1',
        booked: `'[]'::jsonb`,
      },
    },
    {
      table: 'exception_item',
      // The demonstration has none of its own that stays.
      from: 'statement_line',
      count: sizes.exceptions,
      columns: {
        id: id('exc'),
        kind: oneOf(['line_unexplained', 'bank_unmatched', 'disbursement_sum']),
        subject_id: `'seeded-' || n`,
        sentence: `'Line ' || n || ' is not what was expected.'`,
        fix: `'Look at it, then settle it with a note.'`,
        asset: `'USD/2'`,
        amount: 'n',
        weight: 'n / 100.0',
        state: oneOf(['open', 'resolved']),
        owner: 'NULL',
        note: 'NULL',
        created_at: later('imported_at'),
        resolved_at: 'NULL',
      },
    },
  ]
}

/** What buyers promised: one for every hundred offers, each drawn on by a few sales. */
function promises(sizes: Sizes): Copies[] {
  const count = Math.ceil(sizes.offers / 100)
  return [
    {
      table: 'commitment',
      count,
      columns: { id: id('com'), name: `t.name || ' ' || n`, created_at: later('created_at') },
    },
    {
      table: 'commitment_drawdown',
      count: count * 10,
      columns: {
        commitment_id: id('com', `1 + (n - 1) / 10`),
        line_key: `'seeded-' || n`,
        agreement_id: id('agr', `1 + n % ${agreementsOf(sizes)}`),
      },
    },
  ]
}

/** One posting each, by turns a sale that is invoiced, collected and paid out. */
function entries(sizes: Sizes): Copies[] {
  const agreement = id('agr', `1 + (n / 3) % ${agreementsOf(sizes)}`)
  const steps = ["'clearing:'", "'receivable:invoiced:'", "'receivable:collected:'"]
  const turn = (of: readonly string[]) => `(ARRAY[${of.join(', ')}])[1 + n % 3]`
  const from_account = `${turn(steps)} || ${agreement}`
  const transit = `'asset:transit:seeded-' || n / 3000`
  const to_account = `CASE WHEN n % 3 = 2 THEN ${transit} ELSE ${turn([...steps.slice(1), 'NULL'])} || ${agreement} END`
  const amount = '(1 + (n / 3) % 1000000)'
  // As bodyHash of src/ledger/model.ts writes it; the check of the books compares.
  const text = `'["' || ${from_account} || '","' || ${to_account} || '","USD/2","' || ${amount} || '"]'`
  return [
    {
      table: 'entry',
      count: sizes.entries,
      columns: {
        id: id('entry'),
        sequence: `${SEQUENCES} + n`,
        reference: `'seeded:' || n`,
        kind: oneOf(['sale_invoiced', 'collected', 'disbursed']),
        reverses: 'NULL',
        body_hash: `encode(sha256(convert_to(${text}, 'UTF8')), 'hex')`,
        book_date: day('2025-01-01'),
        occurred_at: `timestamptz '2025-01-01' + (n % 900) * interval '1 day'`,
      },
    },
    {
      table: 'posting',
      where: 'number = 1',
      count: sizes.entries,
      columns: {
        entry_id: id('entry'),
        number: '1',
        entry_sequence: `${SEQUENCES} + n`,
        from_account,
        to_account,
        asset: `'USD/2'`,
        amount,
        book_date: day('2025-01-01'),
      },
    },
  ]
}
