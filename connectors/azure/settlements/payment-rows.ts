/** One row of the payments export: the money that reached the bank, and what was taken off or added on the way. */
import { add, type Decimal, isNegative, isZero, negate, subtract, sum } from '../../../src/core/decimal.ts'
import type { LineKind, StatementItem, StatementLine } from '../../connector.ts'
import { fromAzurePaymentStatus, paymentKey } from './earnings.ts'
import {
  currencyAt,
  decimalAt,
  instantAt,
  optional,
  optionalDecimal,
  problem,
  type Row,
  required,
} from './rows.ts'

export function fromPaymentRow(row: Row): StatementItem[] {
  const payment_id = optional(row, 'paymentid')
  const state = fromAzurePaymentStatus(optional(row, 'paymentstatus'))
  // What is not sent yet has no id, or no day: the next export has it.
  if (payment_id === null || state === 'open') return []
  const key = paymentKey(payment_id)
  const base = baseOf(row, state === 'undone')
  const total = decimalAt(row, 'totalpayment')
  const payment: StatementLine = {
    ...base,
    key,
    kind: 'disbursement',
    stage: state === 'unknown' ? 'unknown' : 'disbursed',
    amount: total,
    bank_reference: required(row, 'paymentid'),
  }
  const onTheWay = partsOf(row, total).map(
    ({ name, kind, amount }): StatementLine => ({
      ...base,
      key: `${key}/${name}`,
      kind,
      // Like every line that was paid out: what raises the payment is negative, it left the claim.
      amount: negate(amount),
      disbursement_key: key,
    }),
  )
  return [payment, ...onTheWay].map((line) => ({ is: 'line', line }))
}

type Part = { name: string; kind: LineKind; amount: Decimal }

/** Signed by their effect on the payment; what the columns do not explain is a part of its own. */
function partsOf(row: Row, total: Decimal): Part[] {
  const taken = (column: string) => {
    const value = optionalDecimal(row, column) ?? { coefficient: 0n, scale: 0 }
    return isNegative(value) ? value : negate(value)
  }
  const parts: Part[] = [
    { name: 'withheld_tax', kind: 'tax_withheld', amount: taken('withheldtax') },
    {
      name: 'sales_tax',
      kind: 'tax',
      amount: optionalDecimal(row, 'salestax') ?? { coefficient: 0n, scale: 0 },
    },
    { name: 'service_fee_tax', kind: 'tax_withheld', amount: taken('servicefeetax') },
  ]
  const explained = add(decimalAt(row, 'earned'), sum(parts.map(({ amount }) => amount)))
  const rest: Part = { name: 'rest', kind: 'balance_adjustment', amount: subtract(total, explained) }
  return [...parts, rest].filter(({ amount }) => !isZero(amount))
}

type Base = Omit<StatementLine, 'key' | 'kind' | 'amount'>

function baseOf(row: Row, deleted: boolean): Base {
  const occurred_at = instantAt(row, 'paymentdate')
  if (occurred_at === null)
    throw problem(row.number, 'paymentdate', 'There is no value', 'Export the file again with paymentDate.')
  return {
    version: deleted ? '2' : '1',
    deleted,
    stage: 'disbursed',
    currency: currencyAt(row, 'currencycode'),
    agreement_id: null,
    offer_id: null,
    product_id: null,
    dimension: null,
    invoice_id: null,
    parent_key: null,
    disbursement_key: null,
    bank_reference: null,
    occurred_at,
    period_starts_on: null,
    period_ends_on: null,
    counts: true,
    raw: row.values,
  }
}
