import type { z } from 'zod'
import { authorizationChanges } from '../selling/authorization-schemas.ts'
import { channelChanges } from '../selling/channel-shapes.ts'
import { offerChanges } from '../selling/offer-schemas.ts'
import { offerSetChanges, solutionChanges } from '../selling/offer-set-schemas.ts'
import { productChanges } from './product-schemas.ts'

// What StartChangeSet checks at once: unknown properties and wrong shapes never become a change set.

/** Entity type without its version → change type → the shape of its details. */
export const changeSchemas: Record<string, Record<string, z.ZodType>> = {
  SaaSProduct: productChanges,
  Offer: { ...offerChanges, ...channelChanges },
  ResaleAuthorization: authorizationChanges,
  OfferSet: offerSetChanges,
  Solution: solutionChanges,
}
