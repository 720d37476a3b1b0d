// The steps of a deal that many scenarios begin with, through the connector and the world, the same for every cloud.
import type {
  AgreementRecord,
  AuthorizationDraft,
  Change,
  Connector,
  HumanTask,
  MeterRecord,
  OfferDraft,
  Pulled,
  Target,
} from '../../connectors/connector.ts'
import { decimal } from '../../src/core/decimal.ts'
import { HOUR_MS, hourOf, plus } from '../../src/core/time.ts'
import { Broken, claim, given, show } from './claims.ts'
import type { FacetName } from './scenario.ts'
import type { Bought, Market } from './world.ts'

/** The facet, which the scenario said it needs. */
export function facet<Name extends FacetName>(market: Market, name: Name): NonNullable<Connector[Name]> {
  const found: Connector[Name] = market.connector[name]
  claim(found !== undefined, `There is no facet ${name}`)
  // The compiler does not take the absence out of a type that is looked up by name.
  return found as NonNullable<Connector[Name]>
}

const STAGES_MAX = 12
type Check = (reference: string) => Promise<Change>

/** Waits by the cloud's clock until a change is over, through all of its stages. */
export async function finished(market: Market, change: Change, check: Check): Promise<Change> {
  let present = change
  for (let stages = 0; present.status === 'accepted' && stages < STAGES_MAX; stages += 1) {
    claim(present.reference !== '', 'An accepted change has a reference')
    await market.move({ by: 'PT20M' })
    present = await check(present.reference)
  }
  return present
}

/** A step that may be a person's: whether the connector says so of it, and how the person does it. */
type ByHand = { facet: FacetName; told: boolean | undefined; deed: () => Promise<Target> }

/** What a change made, in the end. A step for a person is done by somebody, after its task was looked at. */
export async function done(
  market: Market,
  change: Change,
  check: Check,
  { facet: name, told = false, deed }: ByHand,
): Promise<Target> {
  const end = await finished(market, change, check)
  claim((end.status === 'human') === told, `The connector tells by hand: ${told}, and answers ${show(end)}`)
  if (end.status === 'human') {
    claimWholeTask(end.task)
    market.by_hand.push({ facet: name, task: end.task })
    return deed()
  }
  claim(end.status === 'succeeded', `The change should have succeeded: ${show(end)}`)
  return end.target
}

/** A person can only do what is told to the end, and somebody must be able to see that it was done. */
export function claimWholeTask({ title, steps, evidence }: HumanTask): void {
  claim(title.trim().length > 10, `The task has a title: "${title}"`)
  claim(steps.length > 0 && steps.every((step) => step.trim() !== ''), `The task has steps: ${show(steps)}`)
  claim(evidence.trim().length > 10, `The task says what to bring back: "${evidence}"`)
}

export type Product = { product_id: string; product_code: string | null }

export async function listed(market: Market, key = 'publish-1'): Promise<Product> {
  const { vendor, drafts, deeds } = market
  const listings = facet(market, 'listings')
  const change = await listings.publish(vendor, drafts.listing, key)
  const check: Check = (reference) => listings.check(vendor, reference)
  const target = await done(market, change, check, {
    facet: 'listings',
    told: listings.by_hand?.includes('publish'),
    deed: () => deeds.publish(drafts.listing),
  })
  return { product_id: given(target.product_id, 'product_id'), product_code: target.product_code ?? null }
}

export async function offered(market: Market, draft: OfferDraft, key = 'offer-1'): Promise<string> {
  const offers = facet(market, 'offers')
  const change = await offers.create(market.vendor, draft, key)
  const end = await finished(market, change, (reference) => offers.check(market.vendor, reference))
  claim(end.status === 'succeeded', `The offer should have been made: ${show(end)}`)
  return given(end.target.offer_id, 'offer_id')
}

/** A permission for the reseller, through the connector or by a person. */
export async function authorized(
  market: Market,
  more: Partial<AuthorizationDraft> = {},
): Promise<{ product: Product; authorization_id: string }> {
  const { vendor, drafts, deeds } = market
  const product = await listed(market)
  const syndication = facet(market, 'syndication')
  const draft = {
    ...drafts.authorization(product.product_id, await market.reseller()),
    ...(more.single_use === false ? drafts.many_offers : {}),
    ...more,
  }
  const change = await syndication.authorize(vendor, draft, 'authorize-1')
  const target = await done(market, change, (reference) => syndication.check(vendor, reference), {
    facet: 'syndication',
    told: syndication.by_hand?.includes('authorize'),
    deed: () => deeds.authorize(draft),
  })
  return { product, authorization_id: given(target.authorization_id, 'authorization_id') }
}

/** The reseller's offer made from it. */
export async function resold(market: Market, authorization_id: string): Promise<string> {
  const syndication = facet(market, 'syndication')
  const seat = await market.reseller()
  const draft = market.drafts.resellerOffer(authorization_id)
  const change = await syndication.createOffer(seat, draft, 'resell-1')
  const target = await done(market, change, (reference) => syndication.check(seat, reference), {
    facet: 'syndication',
    told: syndication.by_hand?.includes('createOffer'),
    deed: () => market.deeds.resellerOffer(draft),
  })
  return given(target.offer_id, 'offer_id')
}

const PAGES_MAX = 20

/** All pages since the cursor. */
export async function everything<T>(
  pull: (cursor: string | null) => Promise<Pulled<T>>,
  cursor: string | null,
): Promise<{ items: T[]; next: string | null }> {
  const items: T[] = []
  let from = cursor
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = await pull(from)
    items.push(...page.items)
    from = page.next
    if (!page.more) return { items, next: from }
  }
  throw new Broken(`There are still more pages after ${PAGES_MAX}`)
}

export type Sold = { product: Product; offer_id: string; bought: Bought; record: AgreementRecord }

/** A listed product, an offer, and the buyer's acceptance. Where the cloud waits for the seller, it still does. */
export async function accepted(market: Market): Promise<Sold> {
  const product = await listed(market)
  const offer_id = await offered(market, market.drafts.offer(product.product_id))
  const bought = await market.deeds.accept(offer_id)
  await market.move({ by: 'PT1M' })
  const record = await facet(market, 'agreements').read(market.vendor, bought.agreement_id)
  return { product, offer_id, bought, record }
}

/** The same, up to an agreement that runs. */
export async function sold(market: Market): Promise<Sold> {
  const begun = await accepted(market)
  await activated(market, begun.record)
  const record = await facet(market, 'agreements').read(market.vendor, begun.bought.agreement_id)
  return { ...begun, record }
}

/** Tells a cloud that waits for it that the seller is ready. */
export async function activated(market: Market, record: AgreementRecord, key = 'activate-1'): Promise<void> {
  const { activate } = facet(market, 'agreements')
  if (activate === undefined) return
  const change = await activate(market.vendor, activationOf(record), key)
  claim(change.status === 'succeeded', `The agreement should have been activated: ${show(change)}`)
  await market.move({ by: 'PT1M' })
}

/** The same without having read the agreement, which its vendor may not be allowed to. */
export async function activatedUnread(market: Market, { agreement_id }: Bought): Promise<void> {
  const { activate } = facet(market, 'agreements')
  if (activate === undefined) return
  const activation = { agreement_id, buyer_account_id: '', plan: null, quantity: null }
  const change = await activate(market.vendor, activation, 'activate-1')
  claim(change.status === 'succeeded', `The agreement should have been activated: ${show(change)}`)
  await market.move({ by: 'PT1M' })
}

export function activationOf({ agreement_id, buyer_account_id, plan }: AgreementRecord) {
  return { agreement_id, buyer_account_id, plan: plan ?? null, quantity: null }
}

/** Usage of the last whole hour, by which the agreement ran already. */
export function usageOf(
  market: Market,
  { product, record }: Sold,
  more: Partial<MeterRecord> = {},
): MeterRecord {
  return {
    id: 'usage_1',
    ...product,
    product_id: record.product_id ?? product.product_id,
    license: record.license ?? null,
    agreement_id: record.agreement_id,
    plan: record.plan ?? null,
    buyer_account_id: record.buyer_account_id,
    dimension: 'calls',
    hour: lastHour(market),
    quantity: decimal('1000'),
    ...more,
  }
}

export function lastHour(market: Market, back = 1): Date {
  return plus(hourOf(market.now()), -back * HOUR_MS)
}

/** A running agreement whose usage may be reported: some hours have gone by. */
export async function running(market: Market): Promise<Sold> {
  const deal = await sold(market)
  await market.move({ by: 'PT4H' })
  return deal
}
