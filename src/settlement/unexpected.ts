// Causes of lines that nothing was expected for. Pure.
import { dateOf } from '../core/time.ts'
import { type AgreementCase, isMonthly, isNear, kindsOfLine, type Pairs, twinOf } from './case.ts'
import { cause } from './causes.ts'
import { said } from './expected.ts'
import type { Cause, CauseName, Line } from './model.ts'

/** The cause of a line that nothing was expected for: all of it is the difference. */
export function unexpected(known: AgreementCase, line: Line, pairs: Pairs): Cause {
  const charge = line.kind === 'sale' || line.kind === 'wholesale_cost' || line.kind === 'listing_fee'
  return charge && line.stage !== 'forgiven' ? unexpectedCharge(known, line, pairs) : causeByKind(line)
}

/** What a line is called by what the cloud says it is, whatever it belongs to. */
export function causeByKind(line: Line): Cause {
  const what = said(line.asset, line.minor)
  const turned = said(line.asset, -line.minor)
  const facts = { received: what, ...(line.parent_key === null ? {} : { of: line.parent_key }) }
  const named = (name: CauseName, sentence: string) => cause(name, -line.minor, sentence, facts)
  if (line.stage === 'forgiven') {
    const of = line.parent_key === null ? 'an invoice' : line.parent_key
    if (line.kind === 'tax') {
      return named('tax', `${turned} of tax on what the cloud forgave (${of}) is owed to nobody any more.`)
    }
    if (line.kind === 'wholesale_cost') {
      return named('withheld', `The cloud takes ${what} of wholesale cost back on what it forgave (${of}).`)
    }
    return line.kind === 'listing_fee'
      ? named('withheld', `The cloud gives back ${what} of its fee on what it forgave (${of}).`)
      : named('withheld', `The cloud forgave ${turned} of ${of}: the buyer never paid it.`)
  }
  switch (line.kind) {
    case 'tax':
      return named('tax', `${what} is tax that passes through to the authority.`)
    case 'tax_withheld':
      return named('tax', `${turned} was taken as tax of our own money.`)
    case 'refund':
      return named('refund', `${turned} was given back to the buyer.`)
    case 'reseller_discount':
      return named('reseller_discount', `The reseller keeps ${turned} of its sale.`)
    case 'credit_used':
      return named('credit', `${turned} of usage was drawn from a credit.`)
    case 'withheld':
      return line.minor < 0n
        ? named('withheld', `The cloud keeps ${turned} back until the buyer pays.`)
        : named('withheld', `The cloud releases ${what} that it had kept back.`)
    case 'balance_adjustment':
      return named('withheld', `The cloud adjusted the balance by ${what}.`)
    default:
      return named('unknown', `The cloud does not say what ${what} is for.`)
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
    (plan) => kinds.includes(plan.kind) && plan.amount === line.minor && isNear(line, plan),
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
