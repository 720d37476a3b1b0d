import { endOfDate, iso } from '../../time.ts'
import type { Authorization, Term } from '../model.ts'
import { product as findProduct, type World } from '../world.ts'
import { termDocument } from './offer.ts'

/** Not Started, Completed-Used (no more offers can follow) or Completed-Usable. */
export function offerExtendedStatus(authorization: Authorization): string {
  if (authorization.offers_created === 0) return 'Not Started'
  return authorization.offers_max_quantity === 1 ? 'Completed-Used' : 'Completed-Usable'
}

/** The authorization as DescribeEntity shows it to the manufacturer and to the reseller. */
export function authorizationDocument(world: World, authorization: Authorization) {
  const product = findProduct(world, authorization.product_id)
  const name = (account: string) => world.accounts.get(account)?.name ?? null
  const { id } = authorization
  return {
    Name: authorization.name,
    Description: authorization.description ?? null,
    ProductId: authorization.product_id,
    ProductName: product?.information.ProductTitle ?? null,
    ManufacturerAccountId: authorization.owner,
    ManufacturerLegalName: name(authorization.owner),
    Status: authorization.status,
    CreatedDate: iso(authorization.created_at),
    PricingModel: authorization.pricing_model ?? null,
    PreExistingBuyerAgreement: authorization.pre_existing_agreement ?? null,
    Dimensions: (product?.dimensions ?? []).map(({ Key, Name, Description, Unit, Types }) => ({
      Key,
      Name,
      Description,
      Unit,
      Types,
    })),
    OfferDetails: {
      OfferCreatedCount: authorization.offers_created,
      OfferExtendedStatus: offerExtendedStatus(authorization),
    },
    Rules: [
      availabilityRule(authorization),
      {
        Type: 'PartnerTargetingRule',
        Id: `${id}-partner`,
        ResellerAccountId: authorization.reseller,
        ResellerLegalName: name(authorization.reseller),
      },
    ],
    Terms: [
      ...authorization.terms.map((term) => ({ ...shown(term), Id: `${id}-${term.Type}` })),
      ...(authorization.buyer_accounts
        ? [
            {
              Type: 'BuyerTargetingTerm',
              Id: `${id}-BuyerTargetingTerm`,
              PositiveTargeting: {
                BuyerAccounts: authorization.buyer_accounts.map((account) => ({
                  AwsAccountId: account,
                  LegalName: name(account),
                })),
              },
            },
          ]
        : []),
    ],
  }
}

function availabilityRule(authorization: Authorization) {
  const { id, availability_end_date: end, offers_max_quantity: quantity } = authorization
  return {
    Type: 'AvailabilityRule',
    Id: `${id}-availability`,
    Usage: end || quantity ? 'Limited' : 'Unlimited',
    ...(end ? { AvailabilityEndDate: iso(endOfDate(end)) } : {}),
    ...(quantity ? { OffersMaxQuantity: quantity } : {}),
  }
}

/** Days become instants; the Duration of a fixed upfront term stays, other than in an offer. */
function shown(term: Term): Term {
  const document = termDocument(term, false)
  const latest = term.MaximumAgreementStartDate
  return latest ? { ...document, MaximumAgreementStartDate: iso(endOfDate(latest)) } : document
}
