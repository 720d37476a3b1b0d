import { z } from 'zod'

// The details of an offer's change types that only the channel has. Source: AWS's public shape library for Offer@1.0
// (which asks for two characters at least) and the developer guide (which says how many at most).

const text = (maximum: number) =>
  z
    .string()
    .max(maximum)
    .regex(/^\S[\S\s]+$/, 'must be two characters or more and not start with a space')

export const channelChanges = {
  CreateOfferUsingResaleAuthorization: z.strictObject({
    ResaleAuthorizationId: text(50),
    Name: text(150).nullish(),
    Description: text(255).nullish(),
    OfferSetId: z.string().min(1).max(50).nullish(),
  }),
  CreateReplacementOfferUsingResaleAuthorization: z.strictObject({
    ResaleAuthorizationId: text(50),
    AgreementId: z.string().max(64).regex(/^\S+$/, 'must have no spaces'),
    Name: text(150).nullish(),
  }),
  UpdateMarkup: z.strictObject({
    Percentage: z.string().regex(/^(\d*\.)?\d{1,9}$/, 'must be a percentage with at most nine decimals'),
  }),
} satisfies Record<string, z.ZodType>
