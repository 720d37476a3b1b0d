import { z } from 'zod'

// The details of the change types of offer sets and solutions. Source: developer guide, offer sets and solutions.

const optional = <T extends z.ZodType>(type: T) => type.nullish()
const name = z
  .string()
  .min(1)
  .max(150)
  .regex(/^\S[\S\s]*$/, 'must not start with a space')
const solutionId = z
  .string()
  .min(1)
  .max(50)
  .regex(/^(soln-[A-Za-z0-9]+|\$[\w-]+\.Entity\.Identifier)$/, 'must be the id of a solution')
const offers = z.strictObject({
  Offers: z
    .array(z.strictObject({ OfferId: z.string().min(1).max(36) }))
    .min(1)
    .max(7),
})

export const offerSetChanges = {
  CreateOfferSet: z.strictObject({ Name: name }),
  UpdateInformation: z
    .strictObject({ Name: optional(name), BuyerNotes: optional(z.string().min(1).max(1000)) })
    .refine(({ Name, BuyerNotes }) => Boolean(Name ?? BuyerNotes), 'needs at least one field'),
  AssociateOffers: offers,
  DisassociateOffers: offers,
  AssociateSolution: z.strictObject({ SolutionId: solutionId }),
  DisassociateSolution: z.strictObject({ SolutionId: solutionId }),
  ReleaseOfferSet: z.strictObject({}),
} satisfies Record<string, z.ZodType>

const text = z.string().min(1).max(10000)

export const solutionChanges = {
  CreateSolution: z.strictObject({ Name: text, Title: text }),
  UpdateInformation: z.strictObject({
    Name: optional(text),
    Title: optional(text),
    ShortDescription: optional(text),
    LongDescription: optional(text),
    LogoUrl: optional(z.url({ protocol: /^https$/ })),
    PromotionalMedia: optional(
      z.array(
        z.strictObject({
          Type: z.enum(['Image', 'Video']),
          Url: z.url(),
          Title: optional(text),
          Description: optional(text),
          PreviewUrl: optional(z.url()),
        }),
      ),
    ),
    AdditionalResources: optional(z.array(z.strictObject({ Text: text, Url: z.url() }))),
    UseCases: optional(
      z.array(
        z.strictObject({ Group: text, SubGroup: optional(text), Item: optional(text), Description: text }),
      ),
    ),
  }),
  UpdateRelatedProducts: z.strictObject({
    IntegrationDescription: optional(text),
    AwsMarketplaceProducts: optional(z.array(z.strictObject({ ProductId: text }))),
    NonAwsMarketplaceProducts: optional(
      z.array(
        z.strictObject({ Type: text, Title: text, Description: optional(text), Url: optional(z.url()) }),
      ),
    ),
  }),
  ReleaseSolution: z.strictObject({}),
} satisfies Record<string, z.ZodType>
