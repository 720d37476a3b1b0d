// Bank statements as comma-separated text: one row per booking, amounts signed from the account's side.
import { StatementError } from '../../connectors/connector.ts'
import { sha256 } from '../core/canonical.ts'
import { parseDecimal } from '../core/decimal.ts'
import { currencies, parseMoney } from '../core/money.ts'
import { isLocalDate, startOfDate } from '../core/time.ts'
import type { ReadLine } from './model.ts'
import type { Place } from './rows.ts'

export const bankColumns = [
  'booked_on',
  'value_on',
  'amount',
  'currency',
  'reference',
  'counterparty',
  'description',
] as const
type BankColumn = (typeof bankColumns)[number]

/** The name of the format, as statements keep it. */
export const BANK_FORMAT = 'bank_csv'

/** Reads the rows of a bank statement, header first. Throws StatementError naming the row and the column. */
export async function* parseBank(
  rows: AsyncIterable<readonly string[]>,
  place: Place,
): AsyncGenerator<ReadLine> {
  let header: readonly string[] | undefined
  // Two bookings may look alike on one day: the second is told apart by its number among its likes.
  const likes = new Map<string, number>()
  for await (const row of rows) {
    if (header === undefined) {
      header = row.map((name) => name.trim())
      checkHeader(header)
      continue
    }
    const raw = Object.fromEntries(header.map((name, index) => [name, (row[index] ?? '').trim()]))
    const digest = (await sha256(bankColumns.map((column) => raw[column] ?? '').join('\u001f'))).slice(0, 32)
    const number = (likes.get(digest) ?? 0) + 1
    likes.set(digest, number)
    yield bankLine(raw, `${digest}-${number}`, place)
  }
}

function checkHeader(header: readonly string[]): void {
  for (const column of bankColumns) {
    if (header.includes(column)) continue
    throw refused(
      { row: 1 },
      column,
      'this column is missing',
      `Give the file the header ${bankColumns.join(',')}; more columns may follow`,
    )
  }
}

function bankLine(raw: Record<string, string>, key: string, place: Place): ReadLine {
  const booked_on = date(raw, 'booked_on', place)
  date(raw, 'value_on', place)
  const currency = raw.currency ?? ''
  if (!currencies.includes(currency)) {
    throw refused(
      place,
      'currency',
      `"${currency}" is not a currency we know`,
      `Use one of ${currencies.join(', ')}`,
    )
  }
  const text = raw.amount ?? ''
  const amount = parseDecimal(text)
  if (amount === undefined || parseMoney(currency, text) === undefined) {
    throw refused(place, 'amount', `"${text}" is not an amount in ${currency}`, 'Write it like -1234.50')
  }
  return {
    key,
    version: '1',
    deleted: false,
    kind: 'bank',
    stage: 'banked',
    amount,
    currency,
    agreement_id: null,
    offer_id: null,
    product_id: null,
    dimension: null,
    invoice_id: null,
    parent_key: null,
    disbursement_key: null,
    bank_reference: raw.reference ?? '',
    occurred_at: startOfDate(booked_on),
    period_starts_on: booked_on,
    period_ends_on: booked_on,
    counts: true,
    raw,
  }
}

function date(raw: Record<string, string>, column: BankColumn, place: Place): string {
  const text = raw[column] ?? ''
  if (!isLocalDate(text))
    throw refused(place, column, `"${text}" is not a date that exists`, 'Write it YYYY-MM-DD')
  return text
}

function refused(place: Place, column: BankColumn, rule: string, fix: string): StatementError {
  return new StatementError({ row: place.row, column, rule, fix })
}
