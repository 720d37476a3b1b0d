// What people do in Google's own pages: the Producer Portal and the Partner Sales Console.
import type {
  Connection,
  ListingDraft,
  ResellerOfferDraft,
  Target,
} from '../../../../connectors/connector.ts'
import { add, decimal, formatDecimal, multiply } from '../../../../src/core/decimal.ts'
import { given } from '../../claims.ts'
import type { Ground } from '../../ground.ts'
import type { Deeds } from '../../world.ts'
import { domainOf, RESELLER, RESOLD, serviceOf } from './accounts.ts'

type Pages = Pick<Deeds, 'publish' | 'authorize' | 'resellerOffer' | 'restrict'>

export function pagesOf({ control }: Ground, vendor: Connection): Pages {
  const service = serviceOf(vendor.account_id)
  const standard_offer = `projects/${vendor.settings.project}/locations/global/services/${service}/standardOffers/enterprise-P12M`
  return {
    publish: (draft) => publishIn(control, vendor, draft),
    async authorize() {
      const plan = await control<{ id: string }>('/gcp/reseller-plans', {
        account_id: vendor.account_id,
        reseller: RESELLER,
        standard_offer,
        use: 'multiple',
        ends_at: '2026-12-01T08:00:00Z',
        discount_percent: '0',
      })
      await control(`/gcp/reseller-plans/${plan.id}/accept`, {})
      return { authorization_id: plan.id }
    },
    async resellerOffer(draft) {
      const body = { plan_id: draft.authorization_id, offer: soldBy(draft, standard_offer) }
      const offer = await control<{ name: string }>(`/gcp/resellers/${RESELLER}/offers`, body)
      return { offer_id: given(offer.name.split('/').at(-1), 'offer') }
    },
    async restrict(authorization_id) {
      await control(`/gcp/reseller-plans/${authorization_id}/cancel`, {})
      return { authorization_id }
    },
  }
}

/** A product of a vendor with three plans. */
export async function publishIn(
  control: Ground['control'],
  { account_id }: Connection,
  draft: ListingDraft,
): Promise<Target> {
  const service_name = serviceOf(account_id)
  await control('/gcp/listings', {
    account_id,
    service_name,
    title: draft.title,
    signup_url: draft.fulfilment_url,
    domain: domainOf(account_id),
    metrics: draft.dimensions
      .filter(({ kind }) => kind === 'metered')
      .map(({ key, unit }) => ({
        name: key,
        value_type: 'INT64',
        unit,
        price: formatDecimal(draft.prices.metered[key] ?? decimal('0')),
      })),
    plans: [
      { plan: 'enterprise', title: 'Enterprise', monthly_fee: '1000', months: [1, 12], usage: true },
      { plan: 'business', title: 'Business', monthly_fee: '500', months: [1], usage: true },
      { plan: 'metered', title: 'Metered', usage: true },
    ],
  })
  return { product_id: service_name }
}

/** The reseller enters the vendor's price with its own markup: the first instalment of 60,000 for all of it. */
function soldBy(draft: ResellerOfferDraft, base: string) {
  const factor = add(decimal('1'), multiply(draft.markup_percent, decimal('0.01')))
  const price = formatDecimal(multiply(decimal('60000'), factor))
  const [year = 0, month = 0, day = 0] = draft.expires_on.split('-').map(Number)
  return {
    title: draft.name,
    offerDealType: 'NEW',
    partnerContact: { contact: 'Rosa', email: 'rosa@reseller.example' },
    customer: {
      entityTitle: 'Resold GmbH',
      contact: 'Rita',
      targetBillingAccount: `billingAccounts/${RESOLD}`,
    },
    // Google's deadline is the moment after the last day.
    acceptDeadlineTime: { year, month, day: day + 1, timeZone: { id: 'America/Los_Angeles' } },
    term: { startPolicy: 'IMMEDIATE', endPolicy: 'AFTER_DURATION', durationMonths: 12 },
    singleProductOffer: {
      baseStandardOffer: base,
      customIntervalPrice: {
        installments: [
          { priceModel: { flatFee: { flatFeeOverride: { currencyCode: 'USD', units: price } } } },
        ],
      },
    },
  }
}
