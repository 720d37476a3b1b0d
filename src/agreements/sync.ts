import type { AgreementRecord, Cloud } from '../../connectors/connector.ts'
import { formatDecimal, isZero, sum } from '../core/decimal.ts'
import { formatMoney, moneyDecimal, subtractMoney } from '../core/money.ts'
import * as ledger from '../ledger/index.ts'
import * as offers from '../offers/index.ts'
import { type Terms, totalOf } from '../offers/model.ts'
import type { Scope } from '../store/index.ts'
import * as syndication from '../syndication/index.ts'
import * as timeline from '../timeline/index.ts'
import { schedule } from '../work/index.ts'
import type { Agreement } from './model.ts'
import { findOn, insert, update } from './store.ts'

/** What an event or a registration told beside the cloud's own record. */
export type Hinted = { license?: string | null; product_code?: string | null; product_id?: string | null }

/** Where a record belongs among our own nouns. */
type Links = Pick<
  Agreement,
  'product_id' | 'deal_id' | 'offer_id' | 'authorization_id' | 'terms' | 'wholesale'
>

/**
 * Takes in what a cloud says of an agreement: new, changed, or the same again. Events may come late, twice, or
 * before the offer is known; what is stored is always what the cloud answered last.
 */
export async function applyRecord(
  scope: Scope,
  connection: { id: string; cloud: Cloud },
  record: AgreementRecord,
  hinted: Hinted = {},
): Promise<Agreement> {
  const known = await findOn(scope, connection.id, record.agreement_id)
  const links = await link(scope, connection, record)
  if (known === undefined) return accept(scope, connection, record, links, hinted)
  const ends = over(record.state) && !over(known.state)
  const changed = await update(scope, known.id, {
    ...linked(known, links),
    state: record.state === 'unknown' ? known.state : record.state,
    ...(record.cloud_state === '' ? {} : { cloud_state: record.cloud_state }),
    ...(record.accepted_at === null ? {} : { accepted_at: record.accepted_at }),
    ...(record.starts_at === null ? {} : { starts_at: record.starts_at }),
    ...(record.ends_at === null ? {} : { ends_at: record.ends_at }),
    ...(record.updated_at === null ? {} : { cloud_updated_at: record.updated_at }),
    ...(ends ? { ended_at: record.updated_at ?? scope.now() } : {}),
    ...kept(hinted, record),
  })
  if (totalOf(changed.terms).amount !== totalOf(known.terms).amount) await book(scope, changed, known)
  if (ends) {
    const sentence = `The agreement ${record.agreement_id} is ${record.cloud_state}.`
    await timeline.record(scope, {
      subject_id: known.id,
      kind: record.state,
      sentence,
      cloud_words: record.evidence,
    })
  }
  await afterwards(scope, changed, known)
  return changed
}

/** States after which an agreement grants nothing any more. */
function over(state: AgreementRecord['state']): boolean {
  return state === 'ended' || state === 'cancelled' || state === 'replaced'
}

/** A link once found is not given up because a later answer does not repeat it. */
function linked(known: Agreement, links: Links): Partial<Links> {
  if (known.offer_id !== null || known.authorization_id !== null) return {}
  return links.offer_id !== null || links.authorization_id !== null ? links : {}
}

/** What an earlier answer did not tell and this one does; nothing that is known is forgotten. */
function kept(hinted: Hinted, record: AgreementRecord) {
  const license = hinted.license ?? record.license
  const cloud_product_id = hinted.product_id ?? record.product_id
  return {
    ...(license ? { license } : {}),
    ...(record.plan ? { plan: record.plan } : {}),
    ...(hinted.product_code ? { product_code: hinted.product_code } : {}),
    ...(cloud_product_id ? { cloud_product_id } : {}),
    ...(record.offer_id ? { cloud_offer_id: record.offer_id } : {}),
    ...(record.authorization_id ? { cloud_authorization_id: record.authorization_id } : {}),
  }
}

async function accept(
  scope: Scope,
  connection: { id: string; cloud: Cloud },
  record: AgreementRecord,
  links: Links,
  hinted: Hinted,
): Promise<Agreement> {
  const made = await insert(scope, {
    id: scope.id('agreement'),
    connection_id: connection.id,
    cloud: connection.cloud,
    cloud_agreement_id: record.agreement_id,
    cloud_offer_id: record.offer_id,
    cloud_authorization_id: record.authorization_id,
    cloud_product_id: hinted.product_id ?? record.product_id,
    product_code: hinted.product_code ?? null,
    license: hinted.license ?? record.license ?? null,
    plan: record.plan ?? null,
    ...links,
    role: record.role,
    state: record.state,
    cloud_state: record.cloud_state,
    buyer_account_id: record.buyer_account_id,
    seller_account_id: record.seller_account_id,
    currency: links.terms.currency,
    accepted_at: record.accepted_at,
    starts_at: record.starts_at,
    ends_at: record.ends_at,
    ended_at: null,
    signed_up_at: null,
    evidence: record.evidence,
    cloud_updated_at: record.updated_at,
  })
  const sentence = `The buyer ${record.buyer_account_id} accepted; the cloud calls the agreement ${record.agreement_id}.`
  const occurred_at = record.accepted_at ?? scope.now()
  for (const subject_id of [made.id, links.offer_id, links.authorization_id]) {
    if (subject_id === null) continue
    await timeline.record(scope, {
      subject_id,
      kind: 'accepted',
      sentence,
      occurred_at,
      cloud_words: record.evidence,
    })
  }
  if (links.offer_id !== null) await offers.updateOffer(scope, links.offer_id, { state: 'accepted' })
  await book(scope, made)
  await afterwards(scope, made)
  return made
}

/** Books the fixed total; for one that was linked to its offer only later, the difference to what was booked before. */
async function book(scope: Scope, agreement: Agreement, before?: Agreement): Promise<void> {
  const total = totalOf(agreement.terms)
  const booked = ledger.recipes.offerAccepted({
    agreement_id: agreement.id,
    key: before === undefined ? agreement.id : `${agreement.id}:linked`,
    amount:
      before === undefined ? total : subtractMoney(total, { ...totalOf(before.terms), asset: total.asset }),
    occurred_at: agreement.accepted_at ?? scope.now(),
    evidence: { cloud_agreement_id: agreement.cloud_agreement_id },
  })
  if (booked) await ledger.post(scope, [booked])
}

/** A new or changed agreement may explain lines that waited for it, end its last hour, and free records for sending. */
async function afterwards(scope: Scope, agreement: Agreement, before?: Agreement): Promise<void> {
  await schedule(scope, { kind: 'settlement.match', key: scope.organisation_id })
  if (before === undefined) return
  const moved =
    before.ended_at?.getTime() !== agreement.ended_at?.getTime() ||
    before.ends_at?.getTime() !== agreement.ends_at?.getTime()
  if (moved) await schedule(scope, { kind: 'metering.close', key: agreement.id })
  if (before.license !== agreement.license)
    await schedule(scope, { kind: 'metering.batch', key: agreement.connection_id })
}

async function link(scope: Scope, connection: { id: string }, record: AgreementRecord): Promise<Links> {
  const offer =
    record.offer_id === null
      ? undefined
      : await offers.findByCloudOffer(scope, connection.id, record.offer_id)
  if (offer !== undefined) {
    const deal = offer.deal_id === null ? undefined : await offers.findDeal(scope, offer.deal_id)
    return {
      product_id: deal?.product_id ?? null,
      deal_id: offer.deal_id,
      offer_id: offer.id,
      authorization_id: offer.authorization_id,
      terms: offer.terms,
      wholesale: offer.wholesale,
    }
  }
  const opened =
    record.authorization_id === null
      ? undefined
      : await syndication.findByCloudId(scope, connection.id, record.authorization_id)
  if (opened !== undefined && record.role === 'manufacturer') {
    const deal = await offers.findDeal(scope, opened.deal_id)
    return {
      product_id: deal.product_id,
      deal_id: deal.id,
      offer_id: null,
      authorization_id: opened.id,
      terms: opened.terms,
      wholesale: null,
    }
  }
  return {
    product_id: null,
    deal_id: null,
    offer_id: null,
    authorization_id: null,
    terms: termsOf(record),
    wholesale: null,
  }
}

/** The terms as the cloud tells them, for an agreement that did not come from an offer of ours. */
function termsOf(record: AgreementRecord): Terms {
  const currency = record.currency ?? 'USD'
  const usage_prices = Object.fromEntries(
    Object.entries(record.usage_prices).map(([key, price]) => [key, formatDecimal(price)]),
  )
  const instalments = record.instalments.map(({ due_on, amount }) => ({
    due_on,
    amount: formatMoney(amount),
  }))
  const shared = { currency, duration_months: 12 }
  const total = sum(record.instalments.map(({ amount }) => moneyDecimal(amount)))
  const { grants } = record
  if (isZero(total) || instalments.length === 0) return { kind: 'usage', ...shared, usage_prices }
  const fixed = { ...shared, total: formatDecimal(total), grants, instalments }
  return Object.keys(usage_prices).length === 0
    ? { kind: 'contract', ...fixed }
    : { kind: 'contract_with_consumption', ...fixed, usage_prices }
}
