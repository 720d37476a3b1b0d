import { day, endOfDate, hour, iso, isoSeconds, monthOf, startOfDay } from '../../time.ts'
import type { Agreement, Offer, Product } from '../model.ts'
import { product as findProduct, type World } from '../world.ts'
import type { BillingRow, FeedRow } from './finance-model.ts'

// Rows of the seller data feeds. The nightly run writes them to the seller's bucket; until then nobody sees them.

const catalog = 'AWSMarketplace'
/** Feeds are refreshed once a day, at this hour UTC. */
const runHour = 23

function dirty(world: World, recipient: string, feed: string, month: string): void {
  if (!world.accounts.get(recipient)?.feed_bucket) return
  world.feed_dirt.put(`${recipient}/${feed}/${month}`, true)
  if (world.schedule.has('feeds')) return
  const now = world.clock.now()
  const today = startOfDay(now) + runHour * hour
  world.schedule.plan('feeds', today > now ? today : today + day, 'feeds', '')
}

/** What was written down stays in the file of the month in which the feeds heard of it. */
export function markBillingDirty(world: World, recipient: string, at: number): void {
  dirty(world, recipient, 'billingeventfeed', monthOf(at))
}

/** Keeps a billing event; the feeds hear of it now, or later for an account whose feeds lag behind. */
export function putBilling(world: World, given: BillingRow): BillingRow {
  const delay = (world.accounts.get(given.recipient)?.feed_delay_days ?? 0) * day
  const inserted_at = world.clock.now() + delay
  const kept = world.billing.put(given.id, delay === 0 ? given : { ...given, inserted_at })
  tellBilling(world, given.recipient, inserted_at)
  return kept
}

/** The run after this instant writes the billing feed anew. */
export function tellBilling(world: World, recipient: string, at: number): void {
  if (at <= world.clock.now()) markBillingDirty(world, recipient, at)
  else world.schedule.plan(`billing_feed/${recipient}/${at}`, at, 'billing_feed', `${recipient}/${at}`)
}

/** The run after this instant writes a row's feed anew. */
export function tellRow(
  world: World,
  { recipient, feed, month }: Pick<FeedRow, 'recipient' | 'feed' | 'month'>,
  at: number,
): void {
  const file = `${recipient}/${feed}/${month}`
  if (at <= world.clock.now()) dirty(world, recipient, feed, month)
  else world.schedule.plan(`feed_row/${file}/${at}`, at, 'feed_row', file)
}

type RowOptions = { month?: string; restate?: boolean }

/**
 * Adds a version of a record unless it says what the last one said. `restate` keeps the validity and only updates;
 * without it the new version is valid from now. What a file already showed stays in it.
 */
export function row(
  world: World,
  feed: string,
  recipient: string,
  key: string,
  values: Record<string, string>,
  options: RowOptions = {},
) {
  const now = world.clock.now()
  const id = `${recipient}/${feed}/${key}`
  const before = world.feed_rows.get(id)
  if (before && JSON.stringify(before.values) === JSON.stringify(values)) return
  if (before && !options.restate && before.valid_from < now)
    world.feed_rows.put(`${id}@${before.valid_from}`, before)
  const month = options.month ?? monthOf(now)
  const kept = options.restate ? before : undefined
  world.feed_rows.put(id, {
    feed,
    recipient,
    month,
    valid_from: kept?.valid_from ?? now,
    insert_date: kept?.insert_date ?? now,
    update_date: now,
    values,
  })
  dirty(world, recipient, feed, month)
}

export function feedProduct(world: World, product: Product, recipient = product.owner): void {
  row(world, 'productfeed', recipient, product.id, {
    product_id: product.id,
    manufacturer_account_id: feedId(world, product.owner),
    product_code: product.product_code,
    title: String(product.information.ProductTitle ?? ''),
    catalog,
  })
  feedAccount(world, product.owner, recipient)
}

export function feedId(world: World, account: string): string {
  return world.accounts.get(account)?.feed_account_id ?? ''
}

export function feedAccount(world: World, account_id: string, recipient: string): void {
  const account = world.accounts.get(account_id)
  if (!account) return
  row(world, 'accountfeed', recipient, account_id, {
    account_id: account.feed_account_id,
    aws_account_id: account.account_id,
    encrypted_account_id: account.encrypted_account_id,
    mailing_address_id: account.address_id,
    tax_address_id: account.address_id,
    tax_legal_name: account.name,
    tax_registration_number: '',
    catalog,
  })
  row(world, 'addressfeed', recipient, account.address_id, {
    address_id: account.address_id,
    company_name: account.name,
    email_domain: '',
    country_code: account.country,
    state_or_region: account.state,
    city: '',
    postal_code: '',
  })
  const mapping = {
    mapping_type: 'ACCOUNT',
    legacy_id: account.encrypted_account_id,
    new_id: account.feed_account_id,
  }
  row(world, 'legacyidmappingfeed', recipient, `account/${account_id}`, { ...mapping, catalog })
}

/** Whoever reads about an account in its feeds reads what it changed. */
export function restateAccount(world: World, { account_id }: { account_id: string }): void {
  for (const { account_id: recipient } of world.accounts.all()) {
    if (world.feed_rows.get(`${recipient}/accountfeed/${account_id}`)) {
      feedAccount(world, account_id, recipient)
    }
  }
}

/** The seller of record reads about its offer, and so does the vendor of the product. */
export function feedOffer(world: World, offer: Offer): void {
  const product = findProduct(world, offer.product_id)
  const revision = String(offer.revision)
  for (const recipient of new Set([offer.owner, product?.owner ?? offer.owner])) {
    feedAccount(world, offer.owner, recipient)
    if (product && recipient !== product.owner) feedProduct(world, product, recipient)
    row(world, 'offerfeed', recipient, `${offer.id}/${revision}`, {
      offer_id: offer.id,
      offer_revision: revision,
      name: offer.name ?? '',
      expiration_date: offer.availability_end_date ? iso(endOfDate(offer.availability_end_date)) : '',
      seller_account_id: feedId(world, offer.owner),
      recipient_account_id: feedId(world, recipient),
      catalog,
    })
    row(world, 'offerproductfeed', recipient, `${offer.id}/${revision}`, {
      offer_id: offer.id,
      offer_revision: revision,
      product_id: offer.product_id,
    })
    for (const buyer of offer.buyer_accounts ?? []) {
      feedAccount(world, buyer, recipient)
      row(world, 'offertargetfeed', recipient, `${offer.id}/${revision}/${buyer}`, {
        offer_target_id: `${offer.id}-${buyer}`,
        offer_id: offer.id,
        offer_revision: revision,
        target_type: 'BuyerAccounts',
        polarity: 'PositiveTargeting',
        value: buyer,
        catalog,
      })
    }
  }
}

export function feedAgreement(world: World, agreement: Agreement): void {
  for (const recipient of new Set([agreement.proposer, agreement.manufacturer])) {
    for (const account of [agreement.acceptor, agreement.proposer, agreement.manufacturer]) {
      feedAccount(world, account, recipient)
    }
    row(world, 'agreementfeed', recipient, agreement.id, {
      agreement_id: agreement.id,
      offer_id: agreement.offer_id,
      proposer_account_id: feedId(world, agreement.proposer),
      acceptor_account_id: feedId(world, agreement.acceptor),
      start_time: isoSeconds(agreement.starts_at),
      end_time: isoSeconds(agreement.ends_at),
      acceptance_time: isoSeconds(agreement.accepted_at),
      intent: agreement.intent,
      preceding_agreement_id: agreement.preceding_agreement_id ?? '',
      status: agreement.status,
      currency_code: agreement.currency,
      estimated_agreement_value: agreement.value,
      offer_set_id: agreement.offer_set_id ?? '',
      catalog,
    })
    for (const term of agreement.terms) {
      const { Type, Id, ...configuration } = term
      row(world, 'agreementtermfeed', recipient, `${agreement.id}/${Id}`, {
        agreement_id: agreement.id,
        term_id: Id ?? '',
        term_type: Type,
        term_configuration: JSON.stringify(configuration),
      })
    }
  }
}
