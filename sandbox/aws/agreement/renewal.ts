import { cents, decimal, format, proportion, sum } from '../../money.ts'
import { Refusal } from '../../problem.ts'
import { addDuration, dateOf, day } from '../../time.ts'
import { beginAgreement, endAgreement } from '../acceptance.ts'
import { emitAgreementAmended, emitAgreementEnding, emitRenewalNews } from '../events/agreement-events.ts'
import type { Agreement, RateCard, ScheduleItem, Term } from '../model.ts'
import { feedAgreement } from '../money/feeds.ts'
import { markUp } from '../selling/markup.ts'
import { scheduleTotal, upfrontPrice } from '../selling/prices.ts'
import { termOf } from '../selling/pricing-rules.ts'
import type { World } from '../world.ts'
import { endBehavior, periodOf, type Renewal, renewalOf } from './renewal-rules.ts'

/** An agreement's last instant: it renews when its terms and its buyer want that, else it expires. */
export function finishTerm(world: World, id: string): void {
  const agreement = world.agreements.get(id)
  if (agreement?.status !== 'ACTIVE') return
  const renewal = renewalOf(agreement)
  if (!renewal || endBehavior(agreement).type !== 'RENEW') endAgreement(world, id, 'EXPIRED')
  else renew(world, agreement, renewal)
}

function renew(world: World, agreement: Agreement, renewal: Renewal): void {
  const next = renewed(world, agreement, renewal, world.clock.now())
  endAgreement(world, agreement.id, 'RENEWED')
  beginAgreement(world, next)
}

/** The agreement that follows: the same buyer, offer and licence, a new id, and the prices that the terms foresee. */
function renewed(world: World, agreement: Agreement, renewal: Renewal, start: number): Agreement {
  const period = periodOf(agreement)
  const end = period === undefined ? undefined : addDuration(start, period)
  const ends_at = end ?? start + (agreement.ends_at - agreement.starts_at)
  const terms = repriced(agreement, renewal, start, ends_at)
  return {
    ...agreement,
    id: world.id('agmt', 25),
    preceding_agreement_id: agreement.id,
    renewals: agreement.renewals + 1,
    renewal_increase: undefined,
    intent: 'RENEW',
    accepted_at: start,
    starts_at: start,
    ends_at,
    updated_at: start,
    terms,
    wholesale_terms: agreement.wholesale_terms && shifted(agreement, agreement.wholesale_terms, start, '0'),
    value: worth(terms, agreement.configuration),
  }
}

function worth(terms: Term[], configuration: Agreement['configuration']): string {
  return format(scheduleTotal(termOf(terms, 'PaymentScheduleTerm')) + upfrontPrice(terms, configuration))
}

function repriced(agreement: Agreement, renewal: Renewal, start: number, end: number): Term[] {
  const terms = shifted(agreement, agreement.terms, start, renewal.increase)
  return terms.map((term) => {
    if (term.Type === 'ValidityTerm' && term.AgreementEndDate) {
      return { ...term, AgreementStartDate: dateOf(start), AgreementEndDate: dateOf(end) }
    }
    if (term.Type !== 'PaymentScheduleTerm' || renewal.template.length === 0) return term
    return { ...term, Schedule: fromTemplate(renewal, start, scheduleTotal(term)) }
  })
}

/** Prices raised by the percentage; instalments as far from the new start as they were from the old one. */
function shifted(agreement: Agreement, terms: Term[], start: number, increase: string): Term[] {
  const days = Math.round((start - agreement.starts_at) / day)
  return terms.map((term) => ({
    ...term,
    ...(term.Price === undefined ? {} : { Price: markUp(term.Price, increase, 3) }),
    ...(term.RateCards ? { RateCards: term.RateCards.map((card) => raised(card, increase)) } : {}),
    ...(term.Schedule
      ? {
          Schedule: term.Schedule.map((item) => ({
            ChargeDate: dateOf(Date.parse(item.ChargeDate) + days * day),
            ChargeAmount: markUp(item.ChargeAmount, increase, 2),
          })),
        }
      : {}),
  }))
}

function raised(card: RateCard, increase: string): RateCard {
  const RateCard = card.RateCard.map((rate) => ({ ...rate, Price: markUp(rate.Price, increase, 8) }))
  return { ...card, RateCard }
}

/** The last instalment takes what rounding left. */
function fromTemplate(renewal: Renewal, start: number, total: bigint): ScheduleItem[] {
  const amounts = renewal.template.map((item) =>
    cents(proportion(total, decimal(item.ChargePercentage), decimal('100'))),
  )
  const rest = total - sum(amounts)
  return renewal.template.map((item, index) => {
    const due = addDuration(start, item.ChargeDateOffset) ?? start
    const date = dateOf(due)
    const wanted = item.DayOfMonth ? `${date.slice(0, 8)}${String(item.DayOfMonth).padStart(2, '0')}` : date
    const ChargeDate = Number.isNaN(Date.parse(wanted)) ? date : wanted
    const amount = (amounts[index] ?? 0n) + (index === amounts.length - 1 ? rest : 0n)
    return { ChargeDate, ChargeAmount: format(amount) }
  })
}

/** The seller chooses within the range of its term, in its portal, until the adjustment deadline. */
export function chooseIncrease(world: World, agreement: Agreement, percent: string): Agreement {
  const { range, deadline_at } = renewalOf(agreement) ?? {}
  const no = (status: 409 | 422, field: string, rule: string, fix: string) =>
    new Refusal(status, field, rule, fix)
  if (!range || deadline_at === undefined) {
    throw no(409, 'agreement_id', 'leaves a range of increases', 'Its term says by how much the price rises.')
  }
  if (world.clock.now() >= deadline_at) {
    throw no(
      409,
      'agreement_id',
      'has not reached its adjustment deadline',
      'The terms of its renewal are final.',
    )
  }
  if (decimal(percent) < decimal(range.MinValue) || decimal(percent) > decimal(range.MaxValue)) {
    throw no(422, 'percent', `is within ${range.MinValue} and ${range.MaxValue}`, 'Choose within the range.')
  }
  return world.agreements.put(agreement.id, {
    ...agreement,
    renewal_increase: percent,
    updated_at: world.clock.now(),
  })
}

/** The buyer switches renewal on or off, until the lockout begins. */
export function switchRenewal(world: World, agreement: Agreement, on: boolean): Agreement {
  const changed: Agreement = {
    ...agreement,
    auto_renew: on,
    renewal_disabled_by: on ? undefined : 'ACCEPTOR',
    updated_at: world.clock.now(),
  }
  world.agreements.put(agreement.id, changed)
  feedAgreement(world, changed)
  emitAgreementAmended(world, changed)
  return changed
}

/** Says that the end is near, or what the renewal will be. The subject is an agreement and what to say. */
export function sayEnding(world: World, subject: string): void {
  const [id = '', what = ''] = subject.split('/')
  const agreement = world.agreements.get(id)
  if (agreement?.status !== 'ACTIVE') return
  const days = Number(what)
  if (!Number.isNaN(days)) {
    emitAgreementEnding(world, agreement, days)
    return
  }
  const renewal = renewalOf(agreement)
  if (!renewal || endBehavior(agreement).type !== 'RENEW') return
  const end = agreement.ends_at
  const terms = repriced(agreement, renewal, end, end + (end - agreement.starts_at))
  const news = what === 'final' ? 'Renewal Terms Finalized' : 'Renewal Upcoming'
  emitRenewalNews(world, agreement, news, worth(terms, agreement.configuration))
}
