import type { Connector, OfferRules } from '../../connectors/connector.ts'
import * as connections from '../connections/index.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import { dateOf } from '../core/time.ts'
import * as listings from '../listings/index.ts'
import { enqueue } from '../operations/index.ts'
import { findProduct } from '../products/index.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { checkOffer } from './check.ts'
import { examine, type StoredOffer } from './draft.ts'
import { buyerOf, type CloudOptions, type Finding, type Terms } from './model.ts'
import { checkReplaced, findReplaced } from './replaced.ts'
import { insertOffer, type Offer } from './store.ts'
import { type DealDraft, findDeal } from './store-deals.ts'

export type OfferRequest = {
  deal_id: string
  connection_id: string
  name?: string | undefined
  expires_on: string
  options?: CloudOptions | undefined
}

type Checked = {
  findings: Finding[]
  connection: Awaited<ReturnType<typeof connections.find>>
  connector: Connector
  buyer_account_ids: string[]
  /** The live product at the cloud; null where there is none, which is a finding too. */
  cloud_product_id: string | null
  /** The agreement whose place it takes, as the cloud calls it. */
  replaces: string | undefined
  /** Where the cloud's limits are taken from. */
  source: string
}
type CheckedDraft = Pick<DealDraft, 'name' | 'product_id' | 'buyer_accounts' | 'terms'> &
  Partial<Pick<DealDraft, 'replaces_agreement_id'>>
/** direct: an offer to the buyer. reseller: wholesale terms, which may be open to any buyer. */
type CheckedOn = {
  connection_id: string
  expires_on: string | null
  channel: 'direct' | 'reseller'
  /** Of what is opened to a reseller: for one offer only. */
  single_use?: boolean | undefined
  options?: CloudOptions | undefined
}

/** Holds a deal, saved or not, against everything the cloud of a connection is known to demand. Nothing is sent. */
export async function checkOn(
  context: Pick<Context, 'connectors'>,
  scope: Scope,
  draft: CheckedDraft,
  on: CheckedOn,
): Promise<Checked> {
  const { connection_id, expires_on, channel } = on
  const { name, product_id, terms } = draft
  const connection = await connections.find(scope, connection_id)
  const connector = connectorFor(context, connection.cloud)
  const { rules } = connections.facet(connector, 'offers')
  const listing = await listings.findFor(scope, product_id, connection_id)
  const { dimensions } = await findProduct(scope, product_id)
  const replaces = draft.replaces_agreement_id
  const replaced = replaces == null ? undefined : await findReplaced(scope, replaces)
  // What takes the place of an agreement is for its buyer, whoever else is named.
  const buyer_account_ids =
    replaced === undefined ? (draft.buyer_accounts[connection.cloud] ?? []) : [replaced.buyer_account_id]
  const asked = { name, terms, buyer_account_ids, replaces: replaced?.cloud_agreement_id }
  const examined = examine(connector, asked, on, dateOf(scope.now()))
  const limits =
    channel === 'direct'
      ? rules
      : {
          ...rules,
          kinds: rules.opened_kinds,
          instalments_before_expiry_max: rules.opened_instalments_before_expiry_max,
        }
  const findings = [
    ...checkOffer({ name, terms, buyer_account_ids, expires_on }, limits, dimensions, {
      now: scope.now(),
      seller_draws: sellerDraws(connector),
      ends_on: examined.ends_on,
    }),
    ...examined.findings,
    ...(replaced === undefined ? [] : checkReplaced(replaced, { ...rules, ...connection, connection_id })),
    ...checkPlace(on, rules, connection.cloud, { terms, buyer_account_ids }),
  ]
  const cloud_product_id = listing?.state === 'live' ? listing.cloud_product_id : null
  if (cloud_product_id === null) {
    const fix = 'Publish the listing on this connection and wait until it is live'
    findings.push({
      rule: 'listing-not-live',
      field: 'connection_id',
      reason: `the product is ${listing?.state ?? 'not listed'} there`,
      fix,
    })
  }
  const { source } = rules
  return {
    findings,
    connection,
    connector,
    buyer_account_ids,
    cloud_product_id,
    replaces: replaced?.cloud_agreement_id,
    source,
  }
}

/** Whom an offer is for, and until when it stands. */
function checkPlace(
  { channel, expires_on }: CheckedOn,
  rules: OfferRules,
  cloud: string,
  { terms, buyer_account_ids }: { terms: Terms; buyer_account_ids: readonly string[] },
): Finding[] {
  const found: Finding[] = []
  const forAll = terms.kind === 'free_trial' && rules.trials_are_public
  if (channel === 'direct' && buyer_account_ids.length === 0 && !forAll) {
    found.push({
      rule: 'buyer-missing',
      field: 'buyer.accounts',
      reason: `has no account on ${cloud}`,
      fix: `Add the buyer's account there (buyer.accounts.${cloud})`,
    })
  }
  if (expires_on === null && (channel === 'direct' || !rules.opens_without_end)) {
    found.push({
      rule: 'expiry-missing',
      field: 'expires_on',
      reason: 'is missing, and nothing stands without end on this cloud',
      fix: 'Choose the last day',
    })
  }
  return found
}

type Prepared = { findings: Finding[]; stored: StoredOffer | null }

/** Holds a saved deal against the cloud of a connection, and says what would be sent. Nothing is. */
export async function prepare(
  context: Pick<Context, 'connectors'>,
  scope: Scope,
  { deal_id, connection_id, name: wanted, expires_on, options }: OfferRequest,
): Promise<Prepared> {
  const deal = await findDeal(scope, deal_id)
  const { terms } = deal
  const name = wanted ?? deal.name
  const checked = await checkOn(
    context,
    scope,
    { ...deal, name },
    { connection_id, expires_on, channel: 'direct', options },
  )
  const { findings, buyer_account_ids, cloud_product_id, replaces } = checked
  if (cloud_product_id === null) return { findings, stored: null }
  const stored = {
    name,
    description: `${deal.name} for ${deal.buyer_name}`,
    product_id: cloud_product_id,
    buyer_account_ids,
    buyer: buyerOf(deal.buyer_name, deal.buyer_contact),
    terms,
    expires_on,
    ...(replaces === undefined ? {} : { replaces_agreement_id: replaces }),
    marker: '',
    ...(options === undefined ? {} : { options }),
  }
  return { findings, stored }
}

/** Writes one direct private offer down with the operation that makes it at the cloud. Throws all findings at once. */
export async function createOffer(
  context: Pick<Context, 'connectors'>,
  scope: Scope,
  wanted: OfferRequest,
): Promise<Offer> {
  const { findings, stored } = await prepare(context, scope, wanted)
  if (findings.length > 0 || stored === null) throw refused(findings)
  const { replaces_agreement_id } = await findDeal(scope, wanted.deal_id)
  const id = scope.id('offer')
  const offer = await insertOffer(scope, {
    id,
    vendor_organisation_id: scope.organisation_id,
    deal_id: wanted.deal_id,
    connection_id: wanted.connection_id,
    authorization_id: null,
    channel: 'direct',
    name: stored.name,
    terms: stored.terms,
    wholesale: null,
    markup_percent: null,
    expires_on: wanted.expires_on,
    buyer_account_ids: stored.buyer_account_ids,
    cloud_product_id: stored.product_id,
    replaces_agreement_id,
    options: wanted.options ?? null,
  })
  await enqueue(scope, {
    connection_id: wanted.connection_id,
    kind: 'offer.create',
    subject_id: id,
    key: `offer-${id}`,
    request: { ...stored, marker: id },
  })
  const what = offer.terms.kind === 'free_trial' ? 'free trial' : 'private offer'
  const instead = stored.replaces_agreement_id
  const place = instead === undefined ? '' : ` in the place of agreement ${instead}`
  await timeline.record(scope, {
    subject_id: id,
    kind: 'asked',
    sentence: `Asked the cloud to create the ${what} "${offer.name}"${place}.`,
  })
  return offer
}

export function refused(findings: readonly Finding[]): Refusal {
  const first = findings[0]
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : ''
  const errors = findings.map(({ rule, field, reason, fix }) => ({ field, rule: `${reason} [${rule}]`, fix }))
  return new Refusal('invalid-input', `${first?.field}: ${first?.reason}${more}.`, errors)
}

/** Whether included quantities of a metered dimension are the seller's to draw: only then they may be granted. */
export function sellerDraws({ metering }: Connector): boolean {
  return metering?.rules.draws_included === 'seller'
}

export function connectorFor(context: Pick<Context, 'connectors'>, cloud: string): Connector {
  const connector = Object.values(context.connectors).find((candidate) => candidate.cloud === cloud)
  if (connector === undefined)
    throw new Refusal('invalid-input', `This installation has no connector for ${cloud}.`)
  return connector
}
