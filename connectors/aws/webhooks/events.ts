/**
 * What AWS's EventBridge events hint at. The truth is read back afterwards, so only ids are taken from them.
 * Source: the seller guide's page on EventBridge events and captured events, 2026.
 */
import { z } from 'zod'
import type { Hint, ToldAgreement } from '../../connector.ts'
import { writeReference } from '../agreements/asking/reference.ts'
import { fromAwsAgreementStatus, fromAwsEnd } from '../agreements/map-agreements.ts'
import type { MarketplaceEvent } from '../webhooks.ts'
import { newsOf } from './news.ts'

const id = z.string().min(1)
const named = z.looseObject({ id }).nullish().catch(null)
const party = z.looseObject({ accountId: id.nullish() }).nullish().catch(null)
const text = z.string().nullish().catch(null)
const agreement = z
  .looseObject({ id, status: text, acceptanceTime: text, startTime: text, endTime: text })
  .nullish()
  .catch(null)

/** Names inside are in camel case, except in change set events, where only requestId is. Both are read. */
const detailShape = z.looseObject({
  agreement,
  acceptor: party,
  proposer: party,
  offer: named,
  resaleAuthorization: named,
  product: z.looseObject({ id: id.nullish(), code: id.nullish() }).nullish().catch(null),
  license: z.looseObject({ arn: id.nullish() }).nullish().catch(null),
  associatedOffers: z
    .array(z.looseObject({ offer: named }))
    .nullish()
    .catch(null),
  agreementCancellationRequest: named,
  billingAdjustmentRequest: named,
  ChangeSetId: id.nullish().catch(null),
  changeSetId: id.nullish().catch(null),
})

export function hintsOf(event: MarketplaceEvent): Hint[] {
  const detail = detailShape.parse(event.detail)
  const nothing: Hint[] = [
    { kind: 'nothing', reason: `No rule for "${event['detail-type']}" of ${event.source}` },
  ]
  switch (event.source) {
    case 'aws.agreement-marketplace':
      return agreementHint(event, detail) ?? nothing
    case 'aws.marketplacecatalog':
      return catalogHints(detail) ?? nothing
    case 'aws.marketplace':
      return event['detail-type'] === 'Disbursement Paused' ? [{ kind: 'disbursement_paused' }] : nothing
    default:
      return nothing
  }
}

type Detail = z.infer<typeof detailShape>

/** Every event of this source is about one agreement: created, amended, ended, its licence, a request, an advisory. */
function agreementHint(event: MarketplaceEvent, detail: Detail): Hint[] | undefined {
  if (!detail.agreement) return undefined
  const news = newsOf(event['detail-type'], event.detail)
  return [
    ...requestHints(detail.agreement.id, detail),
    {
      kind: 'agreement_changed',
      agreement_id: detail.agreement.id,
      license: detail.license?.arn ?? null,
      product_id: detail.product?.id ?? null,
      product_code: detail.product?.code ?? null,
      told: toldBy(event, detail),
      ...(news === undefined ? {} : { news }),
    },
  ]
}

/** A request about the agreement, decided or begun: whoever asked it looks how it stands. */
function requestHints(agreement_id: string, detail: Detail): Hint[] {
  const hint = (kind: 'cancellation' | 'refund', request_id: string): Hint => ({
    kind: 'change_finished',
    reference: writeReference({ kind, agreement_id, request_id }),
  })
  return [
    ...(detail.agreementCancellationRequest
      ? [hint('cancellation', detail.agreementCancellationRequest.id)]
      : []),
    ...(detail.billingAdjustmentRequest ? [hint('refund', detail.billingAdjustmentRequest.id)] : []),
  ]
}

/** AWS lets only proposer and acceptor read an agreement, so to a manufacturer these lines are all there is. */
function toldBy(event: MarketplaceEvent, detail: Detail): ToldAgreement {
  const found = detail.agreement
  return {
    role: /- Manufacturer$/.test(event['detail-type']) ? 'manufacturer' : 'seller',
    offer_id: detail.offer?.id ?? null,
    authorization_id: detail.resaleAuthorization?.id ?? null,
    buyer_account_id: detail.acceptor?.accountId ?? null,
    seller_account_id: detail.proposer?.accountId ?? null,
    state: fromAwsAgreementStatus(found?.status ?? undefined),
    cloud_state: found?.status ?? '',
    accepted_at: instant(found?.acceptanceTime),
    starts_at: instant(found?.startTime),
    ends_at: fromAwsEnd(instant(found?.endTime) ?? undefined),
  }
}

function instant(text: string | null | undefined): Date | null {
  const read = new Date(text ?? '')
  return Number.isNaN(read.getTime()) ? null : read
}

function catalogHints(detail: Detail): Hint[] | undefined {
  const change = detail.ChangeSetId ?? detail.changeSetId
  if (change) return [{ kind: 'change_finished', reference: change }]
  const offers = [detail.offer, ...(detail.associatedOffers ?? []).map((item) => item.offer)]
  const hints = offers.flatMap((offer): Hint[] =>
    offer ? [{ kind: 'offer_changed', offer_id: offer.id }] : [],
  )
  return hints.length > 0 ? hints : undefined
}
