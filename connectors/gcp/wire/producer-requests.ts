/** What is sent to the Commerce Producer API. Source: its public definition, v1beta. */
import type { DateTime } from './dates.ts'
import type { GoogleMoney } from './money.ts'

type Page = { pageSize?: number; pageToken?: string }
type View = 'BASIC' | 'FULL'

export type SkuDiscount = { sku: string; discountPercent: { value: string } }
export type PriceModel = {
  flatFee?: { flatFeeOverride: GoogleMoney }
  commitment?: { commitmentAmount: GoogleMoney; discountPercent?: { value: string } }
  usage?: { defaultDiscountPercent?: { value: string }; skuDiscounts?: SkuDiscount[] }
}
export type InstallmentInput = { startTime?: DateTime; priceModel: PriceModel }
export type SingleProductOfferInput = {
  baseStandardOffer: string
  amendedPrivateOffer?: string
  amendedStandardOffer?: string
  standardIntervalPrice?: { priceModel: PriceModel }
  customIntervalPrice?: { installments: InstallmentInput[] }
  features?: { displayName: string; value: string }[]
}
export type PrivateOfferInput = {
  title: string
  offerDealType: 'CHANNEL_SHIFT' | 'MIGRATION' | 'NATIVE_RENEWAL' | 'NEW'
  internalNote: string
  customerNote?: string
  partnerContact?: { contact?: string; email?: string }
  customer: { targetBillingAccount: string; entityTitle?: string; contact?: string; email?: string }
  acceptDeadlineTime: DateTime
  term: {
    startPolicy: 'IMMEDIATE' | 'SCHEDULED_START_TIME'
    scheduledStartTime?: DateTime
    endPolicy: 'AFTER_DURATION'
    durationMonths: number
    maxRenewalCount?: number
  }
  singleProductOffer: SingleProductOfferInput
}
export type DocumentInput = {
  documentType:
    | 'CUSTOM_END_USER_LICENSE_AGREEMENT'
    | 'STATEMENT_OF_WORK'
    | 'STANDARD_END_USER_LICENSE_AGREEMENT_V2'
  mimeType?: 'application/pdf'
  /** Base64. */
  inlineContent?: string
}

export type Requests = {
  listServices: { parent: string } & Page
  getService: { name: string; view?: View }
  listPrivateOffers: { parent: string; filter?: string; orderBy?: string } & Page
  getPrivateOffer: { name: string; view?: View }
  resolveAmendmentTarget: { parent: string; targetBillingAccount: string; baseStandardOffer: string }
  createPrivateOffer: { parent: string; privateOffer: PrivateOfferInput }
  /** The mask is a list of members in the definition's own spelling, "accept_deadline_time,title". */
  updatePrivateOffer: { privateOffer: { name: string } & Partial<PrivateOfferInput>; updateMask?: string }
  publishPrivateOffer: { name: string; validateOnly?: boolean }
  cancelPrivateOffer: { name: string; cancellationNote?: string }
  deletePrivateOffer: { name: string; force?: boolean }
  listPrivateOfferDocuments: { parent: string } & Page
  getPrivateOfferDocument: { name: string }
  createPrivateOfferDocument: { parent: string; privateOfferDocument: DocumentInput }
  updatePrivateOfferDocument: {
    privateOfferDocument: { name: string } & Partial<DocumentInput>
    updateMask?: string
  }
  deletePrivateOfferDocument: { name: string }
  listStandardOffers: { parent: string; filter?: string; orderBy?: string } & Page
  getStandardOffer: { name: string; view?: View }
  getSku: { name: string }
  listSkus: { parent: string } & Page
  getSkuGroup: { name: string }
  listSkuGroups: { parent: string } & Page
}
