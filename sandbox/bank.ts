/** A line on a bank statement, whichever cloud paid it. */
export type BankLine = {
  booked_on: string
  amount: string
  currency: string
  reference: string
  counterparty: string
  description: string
}

const columns = ['booked_on', 'value_on', 'amount', 'currency', 'reference', 'counterparty', 'description']

/** A bank statement as CSV; only its header when nothing arrived. */
export function bankStatement(lines: BankLine[]): string {
  const rows = [...lines]
    .sort((left, right) => (left.booked_on < right.booked_on ? -1 : left.booked_on > right.booked_on ? 1 : 0))
    .map((line) =>
      [
        line.booked_on,
        line.booked_on,
        line.amount,
        line.currency,
        line.reference,
        line.counterparty,
        line.description,
      ]
        .map((value) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value))
        .join(','),
    )
  return `${[columns.join(','), ...rows].join('\n')}\n`
}
