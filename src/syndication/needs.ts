// What a vendor opened and the reseller has not answered, and what a cloud refused to open, as Home tells them.
import { displayMoney, type Money } from '../core/money.ts'
import { sliceOf } from '../core/order.ts'
import { DAY_MS, plus, startOfDate } from '../core/time.ts'
import { type Need, type Needs, needsOf } from '../home/model.ts'
import { FAILED_MS } from '../offers/index.ts'
import { isFixed, totalOf } from '../offers/model.ts'
import type { Scope } from '../store/index.ts'
import type { Authorization } from './model.ts'
import { findFailed } from './store.ts'
import { findOpened, openedOrders } from './store-opened.ts'

/** More than anybody was ever opened: all of them are counted. */
const OPENED_MAX = 100_000

/** What was opened to the tenant as a reseller and it has made no offer from, what ends soonest first. */
export async function openedNeeds(scope: Scope, limit: number): Promise<Needs> {
  const soonest = sliceOf(openedOrders, { sort: 'expires_on', limit: OPENED_MAX })
  const opened = await findOpened(scope, { standing: 'open' }, soonest)
  const waiting = opened.filter(({ offer_id }) => offer_id === null)
  const needs = waiting.map((one): Need => {
    const wholesale = totalOf(one.terms)
    const listed = one.terms.kind === 'configurable' ? 'by a price list' : 'by usage'
    const price = wholesale.amount === 0n ? listed : `at ${displayMoney(wholesale)} wholesale`
    return {
      subject_id: one.id,
      sentence: `${one.vendor_name} opened "${one.name}" to you ${price}${until(one.expires_on)}: accept it with your markup, or decline.`,
      money: moneyOf(one),
      deadline_at: one.expires_on === null ? null : plus(startOfDate(one.expires_on), DAY_MS),
      since: one.updated_at,
    }
  })
  return needsOf(needs, limit)
}

/** What a cloud refused to open to a reseller, or to take back, and was not asked for again since. */
export async function authorizationNeeds(scope: Scope, limit: number): Promise<Needs> {
  const failed = await findFailed(scope, plus(scope.now(), -FAILED_MS))
  const needs = failed.map((one): Need => {
    const [first] = one.problems
    const why = first?.plain ?? first?.message ?? 'the cloud refused it'
    return {
      subject_id: one.id,
      sentence: `"${one.name}" was not ${one.state === 'failed' ? 'opened to' : 'taken back from'} reseller ${one.reseller_account_id}: ${why}`,
      money: moneyOf(one),
      deadline_at: null,
      since: one.updated_at,
    }
  })
  return needsOf(needs, limit)
}

const until = (day: string | null) => (day === null ? '' : ` until ${day}`)

function moneyOf({ terms }: Authorization): Money | null {
  return isFixed(terms) ? totalOf(terms) : null
}
