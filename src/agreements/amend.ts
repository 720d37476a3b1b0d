// A buyer that took more units of what it chose: the agreement goes on, and more of it is due.
import type { AgreementRecord, Entitlement, Grant } from '../../connectors/connector.ts'
import { displayMoney, formatMoney, type Money, subtractMoney } from '../core/money.ts'
import { DAY_MS, dateOf } from '../core/time.ts'
import * as offers from '../offers/index.ts'
import { isFixed, type Terms, totalOf } from '../offers/model.ts'
import type { Scope } from '../store/index.ts'
import * as syndication from '../syndication/index.ts'
import * as timeline from '../timeline/index.ts'
import { book } from './book.ts'
import { choiceFrom, termsOf } from './link.ts'
import { type Agreement, isOver } from './model.ts'
import { update } from './store.ts'

type Addition = { grants: Grant[]; amount: Money; at: Date; evidence: unknown }

/** What a newer record says beyond what is known. Only where the buyer chose its quantities do they grow. */
export async function amendByRecord(
  scope: Scope,
  known: Agreement,
  record: AgreementRecord,
): Promise<Agreement> {
  const { terms } = known
  if (record.chosen_months == null || known.role !== 'seller' || isOver(known.state)) return known
  const told = termsOf(record)
  if (!isFixed(terms) || !isFixed(told) || told.currency !== terms.currency) return known
  if (!isMore(terms.grants, told.grants)) return known
  const amount = subtractMoney(totalOf(told), totalOf(terms))
  const at = record.updated_at ?? scope.now()
  return amend(scope, known, { grants: told.grants, amount, at, evidence: record.evidence })
}

/**
 * What the maker of a resold product learns from its entitlements: more units than before, for which the authorization
 * has a price. They are charged for the days that are left; what really was charged is told by the cloud's reports.
 */
export async function amendByEntitlements(
  scope: Scope,
  known: Agreement,
  entitlements: readonly Entitlement[],
): Promise<Agreement> {
  const { terms, role, authorization_id, starts_at, ends_at } = known
  if (role !== 'manufacturer' || authorization_id === null || isOver(known.state)) return known
  if (!isFixed(terms) || starts_at === null || ends_at === null) return known
  const opened = (await syndication.findAuthorization(scope, authorization_id)).terms
  const choice = choiceFrom({ ...known, terms: opened }, entitlements)
  if (choice === undefined || !isMore(terms.grants, choice.grants)) return known
  const added = choice.grants.map(({ dimension, quantity }) => ({
    dimension,
    quantity: quantity - quantityOf(terms.grants, dimension),
  }))
  const whole = totalOf(offers.chosen(opened, { ...choice, grants: added }))
  const at = scope.now()
  const days = (from: Date) => BigInt(Math.max(1, Math.ceil((ends_at.getTime() - from.getTime()) / DAY_MS)))
  const all = days(starts_at)
  const amount = { ...whole, amount: (2n * whole.amount * days(at) + all) / (2n * all) }
  return amend(scope, known, { grants: [...choice.grants], amount, at, evidence: { entitlements } })
}

const quantityOf = (grants: readonly Grant[], dimension: string) =>
  grants.find((grant) => grant.dimension === dimension)?.quantity ?? 0

/** No dimension has less than before, and one has more. */
function isMore(before: readonly Grant[], after: readonly Grant[]): boolean {
  const isLess = before.some(({ dimension, quantity }) => quantityOf(after, dimension) < quantity)
  return !isLess && after.some(({ dimension, quantity }) => quantity > quantityOf(before, dimension))
}

/** What was added is an instalment of its own, due on the day it was bought, with its part of what a reseller owes. */
async function amend(scope: Scope, known: Agreement, addition: Addition): Promise<Agreement> {
  const { grants, amount, at, evidence } = addition
  if (amount.amount < 0n) return known
  const due_on = dateOf(at)
  const { wholesale } = known
  const total = totalOf(known.terms).amount
  const cost = wholesale === null ? 0n : totalOf(wholesale).amount
  const part = total === 0n ? 0n : (2n * cost * amount.amount + total) / (2n * total)
  const amended = await update(scope, known.id, {
    terms: longer(known.terms, grants, due_on, amount),
    ...(wholesale === null
      ? {}
      : { wholesale: longer(wholesale, grants, due_on, { ...amount, amount: part }) }),
  })
  await book(scope, amended, known, at)
  const bought = isFixed(known.terms) ? known.terms.grants : []
  const what = grants
    .filter(({ dimension, quantity }) => quantity > quantityOf(bought, dimension))
    .map(({ dimension, quantity }) => `${dimension} ${quantityOf(bought, dimension)} → ${quantity}`)
  const sentence = `The buyer took more: ${what.join(', ')}. It adds ${displayMoney(amount)} to the agreement.`
  await timeline.record(scope, {
    subject_id: known.id,
    kind: 'amended',
    sentence,
    occurred_at: at,
    cloud_words: evidence,
  })
  return amended
}

function longer(terms: Terms, grants: Grant[], due_on: string, amount: Money): Terms {
  if (!isFixed(terms)) return terms
  const total = formatMoney({ ...amount, amount: totalOf(terms).amount + amount.amount })
  const instalments =
    amount.amount === 0n ? terms.instalments : [...terms.instalments, { due_on, amount: formatMoney(amount) }]
  return { ...terms, grants, total, instalments }
}
