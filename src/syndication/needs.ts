// What a vendor opened and the reseller has not answered, and what a cloud refused to open, as Home tells them.
import { displayMoney, type Money } from '../core/money.ts'
import { DAY_MS, dateOf, plus, startOfDate } from '../core/time.ts'
import { type Need, type Needs, needsOf } from '../home/model.ts'
import { FAILED_MS, offeredFrom } from '../offers/index.ts'
import { totalOf } from '../offers/model.ts'
import type { Scope } from '../store/index.ts'
import type { Authorization } from './model.ts'
import { findFailed, findOpened } from './store.ts'

/** What was opened to the tenant as a reseller and it has made no offer from, what ends soonest first. */
export async function openedNeeds(scope: Scope, limit: number): Promise<Needs> {
  const today = dateOf(scope.now())
  const opened = (await findOpened(scope)).filter(
    ({ state, expires_on }) => state === 'active' && expires_on >= today,
  )
  const answered = await offeredFrom(
    scope,
    opened.map(({ id }) => id),
  )
  const waiting = opened.filter(({ id }) => !answered.has(id))
  const needs = waiting.map((one): Need => {
    const wholesale = totalOf(one.terms)
    const price = wholesale.amount === 0n ? 'by usage' : `at ${displayMoney(wholesale)} wholesale`
    return {
      subject_id: one.id,
      sentence: `"${one.name}" was opened to you ${price} until ${one.expires_on}: accept it with your markup.`,
      money: moneyOf(one),
      deadline_at: plus(startOfDate(one.expires_on), DAY_MS),
      since: one.updated_at,
    }
  })
  return needsOf(needs, limit)
}

/** What a cloud refused to open to a reseller and was not asked for again since. */
export async function authorizationNeeds(scope: Scope, limit: number): Promise<Needs> {
  const failed = await findFailed(scope, plus(scope.now(), -FAILED_MS))
  const needs = failed.map((one): Need => {
    const [first] = one.problems
    const why = first?.plain ?? first?.message ?? 'the cloud refused it'
    return {
      subject_id: one.id,
      sentence: `"${one.name}" was not opened to reseller ${one.reseller_account_id}: ${why}`,
      money: moneyOf(one),
      deadline_at: null,
      since: one.updated_at,
    }
  })
  return needsOf(needs, limit)
}

function moneyOf({ terms }: Authorization): Money | null {
  return terms.kind === 'usage' ? null : totalOf(terms)
}
