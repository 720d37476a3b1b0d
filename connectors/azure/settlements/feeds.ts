/**
 * Payout exports and read-back usage as statement items. Columns are found by their names: Azure adds and reorders
 * them, and the transaction history, the marketplace earnings and the payments share most. All values of a row are kept
 * beside what was made of it. Source: Partner Center's pages on payout statements and their columns, 2023 to 2026.
 */
import { isNegative } from '../../../src/core/decimal.ts'
import { isLocalDate } from '../../../src/core/time.ts'
import type { StatementItem } from '../../connector.ts'
import { fromEarningRow } from './earnings.ts'
import { fromPaymentRow } from './payment-rows.ts'
import { checkedHeader, columnName, decimalAt, optional, problem, type Row, required, rowOf } from './rows.ts'

export const EARNINGS = 'azure.transactionhistory'
export const PAYMENTS = 'azure.payments'
export const USAGE = 'azure.usageevents'

const formats: Readonly<Record<string, { columns: string[]; read: (row: Row) => StatementItem[] }>> = {
  [EARNINGS]: {
    columns: [
      'earningid',
      'transactionamount',
      'transactioncurrency',
      'earningamount',
      'paymentid',
      'paymentstatus',
    ],
    read: fromEarningRow,
  },
  [PAYMENTS]: {
    columns: ['paymentid', 'paymentstatus', 'paymentdate', 'earned', 'totalpayment', 'currencycode'],
    read: fromPaymentRow,
  },
  [USAGE]: {
    columns: [
      'usagedate',
      'usageresourceid',
      'dimension',
      'reconstatus',
      'submittedquantity',
      'processedquantity',
    ],
    read: fromUsageRow,
  },
}

/** By columns that only one export has: files are also brought by hand, under any name. */
export function recogniseExport(_name: string, header: readonly string[]): string | null {
  const columns = new Set(header.map(columnName))
  const found = Object.entries(formats).find(([, format]) =>
    format.columns.every((name) => columns.has(name)),
  )
  return found?.[0] ?? null
}

export async function* parseExport(
  format: string,
  rows: AsyncIterable<readonly string[]>,
): AsyncGenerator<StatementItem> {
  const known = Object.hasOwn(formats, format) ? formats[format] : undefined
  if (known === undefined)
    throw problem(null, null, `"${format}" is not a format of Azure`, 'Choose the format again.')
  let header: string[] | undefined
  let number = 0
  for await (const cells of rows) {
    number += 1
    if (header === undefined) header = checkedHeader(cells, known.columns)
    else yield* known.read(rowOf(header, cells, number))
  }
  if (header === undefined) throw problem(null, null, 'The file is empty', 'Export the file again.')
}

/** A day's sum as Azure holds it. What it rejected counts for as much as it processed of it. */
function fromUsageRow(row: Row): StatementItem[] {
  const on = required(row, 'usagedate').slice(0, 10)
  if (!isLocalDate(on))
    throw problem(row.number, 'usagedate', `"${on}" is not a date`, 'Write it like 2026-01-31.')
  const rejected = optional(row, 'reconstatus')?.toLowerCase() === 'rejected'
  const quantity = decimalAt(row, rejected ? 'processedquantity' : 'submittedquantity')
  if (isNegative(quantity))
    throw problem(row.number, 'submittedquantity', 'Usage cannot be negative', 'Export the file again.')
  return [
    {
      is: 'usage',
      usage: {
        agreement_id: required(row, 'usageresourceid'),
        dimension: required(row, 'dimension'),
        on,
        quantity,
        raw: row.values,
      },
    },
  ]
}
