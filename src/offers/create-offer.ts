import type { Connector, OfferRules } from '../../connectors/connector.ts'
import * as connections from '../connections/index.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import { dateOf } from '../core/time.ts'
import * as listings from '../listings/index.ts'
import { findProduct } from '../products/index.ts'
import type { Scope } from '../store/index.ts'
import { checkOffer } from './check.ts'
import { examine, type StoredOffer } from './draft.ts'
import { buyerOf, type CloudOptions, type Finding, type Terms } from './model.ts'
import { checkReplaced, findReplaced } from './replaced.ts'
import { type DealDraft, findDeal } from './store-deals.ts'

export type OfferRequest = {
  deal_id: string
  connection_id: string
  name?: string | undefined
  expires_on: string
  options?: CloudOptions | undefined
  /** Our set that it is made for. */
  offer_set_id?: string | undefined
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
  offer_set_id?: string | undefined
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

export type Prepared = { findings: Finding[]; stored: StoredOffer | null }

/** Holds a saved deal against the cloud of a connection, and says what would be sent. Nothing is. */
export async function prepare(
  context: Pick<Context, 'connectors'>,
  scope: Scope,
  { deal_id, connection_id, name: wanted, expires_on, options, offer_set_id }: OfferRequest,
): Promise<Prepared> {
  const deal = await findDeal(scope, deal_id)
  const { terms } = deal
  const name = wanted ?? deal.name
  const checked = await checkOn(
    context,
    scope,
    { ...deal, name },
    { connection_id, expires_on, channel: 'direct', options, offer_set_id },
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
