import type { Listing, Plan, Provider, Purchase } from './model.ts'
import { providerOf, type World } from './world.ts'

/** A plan's standard offers differ by their term; a usage plan has one without a term. */
export function standardOfferId(plan: string, months: number): string {
  return months === 0 ? plan : `${plan}-P${months}M`
}

export function standardOffers(listing: Listing): { id: string; plan: Plan; months: number }[] {
  return listing.plans.flatMap((plan) =>
    (plan.months.length > 0 ? plan.months : [0]).map((months) => ({
      id: standardOfferId(plan.plan, months),
      plan,
      months,
    })),
  )
}

/** Where the commerce producer API keeps a provider's things. */
export function producerParent(provider: Provider): string {
  return `projects/${provider.project}/locations/global`
}

export function serviceNameOf(provider: Provider, service: string): string {
  return `${producerParent(provider)}/services/${service}`
}

export function privateOfferName(provider: Provider, id: string): string {
  return `${producerParent(provider)}/privateOffers/${id}`
}

export type StandardOfferRef = { listing: Listing; plan: Plan; months: number; id: string }

const standardPattern = /^projects\/([^/]+)\/locations\/[^/]+\/services\/([^/]+)\/standardOffers\/([^/]+)$/

/** A standard offer by its name in the commerce producer API. */
export function findStandardOffer(world: World, name: string): StandardOfferRef | undefined {
  const [, project, service = '', id = ''] = standardPattern.exec(name) ?? []
  const listing = world.listings.get(service)
  const provider = listing && providerOf(world, listing.provider)
  if (!listing || !provider || (project !== provider.project && project !== provider.project_number)) {
    return undefined
  }
  const found = standardOffers(listing).find((offer) => offer.id === id)
  return found && { listing, ...found }
}

/** An offer as an entitlement names it: by project number and without a location, other than where it was made. */
export function offerName(world: World, provider: string, service: string, purchase: Purchase): string {
  const number = providerOf(world, provider)?.project_number ?? ''
  const kind = purchase.private_offer
    ? `privateOffers/${purchase.private_offer}`
    : `standardOffers/${standardOfferId(purchase.plan, purchase.months)}`
  return `projects/${number}/services/${service}/${kind}`
}
