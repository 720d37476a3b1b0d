/**
 * Pure mapping between our drafts and private offers at the ingestion API. `toAzure…` is total over checked drafts.
 * Source: Microsoft's guide of the Product Ingestion API; private offers of version 2023-07-15.
 */
import type { AuthorizationDraft, Connection, OfferDraft } from '../connector.ts'
import type { AuthorizationOptions, OfferOptions } from './selling/options.ts'
import { toAzurePrivatePricing } from './selling/prices.ts'
import { nameWith } from './selling/private-offers.ts'
import { addMonths, endOfMonth } from './wire/dates.ts'
import type { Resource } from './wire/jobs.ts'
import { schemas } from './wire/schemas.ts'

export type OfferPlace = {
  /** Durable ids. */
  product: string
  plan: string
  prepared_by: string
  contacts: string[]
}

/** The price as a resource of its own and the offer that refers to it, as a draft. */
export function toAzureOffer(
  draft: OfferDraft,
  place: OfferPlace,
  kind: 'customerPromotion' | 'multipartyPromotionOriginator',
  parts: Resource = {},
): Resource[] {
  return [
    {
      $schema: schemas.privateOfferPlan,
      resourceName: 'price',
      product: place.product,
      plan: place.plan,
      offerPricingType: 'saasNewCustomizedPlans',
      pricing: toAzurePrivatePricing(draft),
    },
    {
      $schema: schemas.privateOffer,
      resourceName: 'offer',
      name: nameWith(draft.name, draft.marker),
      state: 'draft',
      privateOfferType: kind,
      offerPricingType: 'saasNewCustomizedPlans',
      variableStartDate: true,
      end: endOfMonth(addMonths(draft.expires_on, draft.duration_months)),
      acceptBy: draft.expires_on,
      preparedBy: place.prepared_by,
      notificationContacts: place.contacts,
      beneficiaries: draft.buyer_account_ids.map((id) => ({ id })),
      pricing: [
        {
          product: place.product,
          discountType: 'absolute',
          priceDetails: { resourceName: 'price' },
          basePlan: place.plan,
          newPlanDetails: { name: draft.name, description: toAzurePlanText(draft) },
        },
      ],
      ...parts,
    },
  ]
}

/** A flat rate holds no quantities, so what is bought for it is told in words; metered ones are included in the price. */
function toAzurePlanText(draft: OfferDraft): string {
  const told = draft.grants.filter(({ dimension }) => draft.usage_prices[dimension] === undefined)
  const words = told.map(({ dimension, quantity }) => `${dimension}: ${quantity}`).join(', ')
  return [draft.description || draft.name, words === '' ? '' : `Includes ${words}.`].filter(Boolean).join(' ')
}

export function customerTerms(eula: string): Resource {
  return eula === 'standard' ? {} : { termsAndConditionsDocSasUrl: eula }
}

const NOTES_MAX = 60

/** What a multiparty offer has beside a customer's: the partner, and notes that only this seller sees. */
export function toAzurePartnerPart(draft: AuthorizationDraft, options: AuthorizationOptions): Resource {
  const partner = {
    id: draft.reseller_account_id,
    ...(options.partner_name === undefined ? {} : { partnerName: options.partner_name }),
    ...(options.partner_location === undefined ? {} : { location: options.partner_location }),
  }
  return {
    partners: [partner],
    notes: draft.marker.slice(0, NOTES_MAX),
    ...(draft.eula === 'standard'
      ? {}
      : {
          termsAndConditionsDocs: [
            { sasUrl: draft.eula, fileName: 'terms.pdf', customerFacingDocumentName: 'Terms and conditions' },
          ],
        }),
  }
}

/** Who prepared an offer and whom Azure writes to about it; the connection's address unless the draft names others. */
export function contactsOf(connection: Connection, options: OfferOptions) {
  const own = connection.settings.contact_email || undefined
  const prepared_by = options.prepared_by ?? own
  const contacts = options.notification_contacts ?? (own === undefined ? [] : [own])
  return prepared_by === undefined || contacts.length === 0 ? undefined : { prepared_by, contacts }
}
