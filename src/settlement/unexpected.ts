// Causes of lines that nothing was expected for. Pure.
import { dateOf } from '../core/time.ts'
import {
  type AgreementCase,
  daysBetween,
  isMonthly,
  kindsOfLine,
  NEAR_DAYS,
  type Pairs,
  twinOf,
} from './case.ts'
import { cause } from './causes.ts'
import { said } from './expected.ts'
import type { Cause, Line } from './model.ts'

/** The cause of a line that nothing was expected for: all of it is the difference. */
export function unexpected(known: AgreementCase, line: Line, pairs: Pairs): Cause {
  const amount = -line.minor
  const facts = { received: said(line.asset, line.minor) }
  if (line.stage === 'forgiven') {
    return cause(
      'withheld',
      amount,
      `The cloud forgave ${said(line.asset, -line.minor)} of an invoice.`,
      facts,
    )
  }
  switch (line.kind) {
    case 'tax':
      return cause('tax', amount, `${facts.received} is tax that passes through to the authority.`, facts)
    case 'refund':
      return cause('refund', amount, `${said(line.asset, -line.minor)} was given back to the buyer.`, facts)
    case 'balance_adjustment':
      return cause('withheld', amount, `The cloud adjusted the balance by ${facts.received}.`, facts)
    case 'sale':
    case 'wholesale_cost':
    case 'listing_fee':
      return unexpectedCharge(known, line, pairs)
    default:
      return cause('unknown', amount, `The cloud does not say what ${facts.received} is for.`, facts)
  }
}

function unexpectedCharge(known: AgreementCase, line: Line, pairs: Pairs): Cause {
  const amount = -line.minor
  const what = said(line.asset, line.minor)
  const facts = { received: what, invoice_id: line.invoice_id ?? '' }
  if (line.kind === 'sale' ? line.minor < 0n : line.minor > 0n) {
    return cause('refund', amount, `${what} reverses an earlier ${line.kind.replace('_', ' ')}.`, facts)
  }
  const twin = twinOf(line, pairs)
  if (twin !== undefined) {
    return cause('duplicate', amount, `${what} was invoiced twice: ${twin.key} is the first.`, {
      ...facts,
      first_line: twin.key,
    })
  }
  const kinds = kindsOfLine[line.kind] ?? []
  const early = known.ahead.find(
    (plan) => kinds.includes(plan.kind) && plan.amount === line.minor && daysBetween(line, plan) <= NEAR_DAYS,
  )
  if (early !== undefined && !isMonthly(line)) {
    return cause('timing', amount, `${what} was invoiced before ${early.due_on}, when it is due.`, {
      ...facts,
      due_on: early.due_on,
    })
  }
  if (isMonthly(line)) {
    const month = (line.period_starts_on ?? '').slice(0, 7)
    if ((line.period_starts_on ?? '') >= known.usage_expected_before) {
      return cause('timing', amount, `${what} is usage of ${month}, which is not closed yet.`, facts)
    }
    if (line.kind === 'sale') {
      return cause(
        'missing_usage',
        amount,
        `The cloud billed ${what} of usage in ${month} that it accepted none of from here.`,
        facts,
      )
    }
  }
  return cause(
    'unknown',
    amount,
    `Nothing is expected that ${what} of ${dateOf(line.occurred_at)} could be.`,
    facts,
  )
}
