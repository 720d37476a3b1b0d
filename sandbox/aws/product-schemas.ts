import { z } from 'zod'
import { account, empty, fulfilmentUrl, maybe, text } from './change-shapes.ts'

const dimensionTypes = z
  .array(z.enum(['Entitled', 'Metered', 'ExternallyMetered']))
  .min(1)
  .max(3)
const key = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9_.-]+$/, 'must be letters, digits and _ . -')
const saasOption = {
  LaunchUrl: maybe(fulfilmentUrl),
  QuickLaunchEnabled: maybe(z.boolean()),
  UsageInstructions: maybe(z.string().max(30000)),
}

/** The details of every change type of a SaaS product. */
export const productChanges = {
  CreateProduct: z.strictObject({ ProductTitle: maybe(text(72)) }),
  UpdateInformation: z.strictObject({
    ProductTitle: maybe(text(72)),
    ShortDescription: maybe(text(1000)),
    LongDescription: maybe(text(5000)),
    Sku: maybe(text(100)),
    LogoUrl: maybe(z.url({ protocol: /^https$/ })),
    VideoUrls: maybe(z.array(z.url()).max(1)),
    Highlights: maybe(z.array(z.string().max(500)).min(1).max(3)),
    Categories: maybe(z.array(z.string()).min(1).max(3)),
    SearchKeywords: maybe(z.array(z.string().max(50)).min(1).max(15)),
    AdditionalResources: maybe(z.array(z.strictObject({ Text: text(500), Url: z.url() })).max(3)),
    AssociatedProducts: maybe(z.array(z.string()).min(1).max(10)),
    SupportDescription: maybe(text(2000)),
  }),
  UpdateTargeting: z.strictObject({
    PositiveTargeting: z.strictObject({ BuyerAccounts: z.array(account).max(100) }),
  }),
  AddDeliveryOptions: z.strictObject({
    DeliveryOptions: z.array(
      z.strictObject({
        Details: z.strictObject({
          SaaSUrlDeliveryOptionDetails: z.strictObject({ FulfillmentUrl: fulfilmentUrl, ...saasOption }),
        }),
      }),
    ),
  }),
  UpdateDeliveryOptions: z.strictObject({
    DeliveryOptions: z.array(
      z.strictObject({
        Id: z.string().regex(/^do-[a-zA-Z0-9]+$/),
        Details: z.strictObject({
          SaaSUrlDeliveryOptionDetails: z.strictObject({
            FulfillmentUrl: maybe(fulfilmentUrl),
            ...saasOption,
          }),
        }),
      }),
    ),
  }),
  AddDimensions: z.array(
    z.strictObject({
      Key: key,
      Name: text(80),
      Description: text(1000),
      Types: dimensionTypes,
      Unit: text(20),
    }),
  ),
  UpdateDimensions: z.array(
    z.strictObject({
      Key: key,
      Name: maybe(text(80)),
      Description: maybe(text(1000)),
      Types: dimensionTypes,
    }),
  ),
  RestrictDimensions: z.array(z.strictObject({ Key: key, Types: dimensionTypes })),
  ReleaseProduct: empty,
  UpdateVisibility: z.strictObject({
    TargetVisibility: z.enum(['Public', 'Restricted', 'Limited']),
    ReplacementProductId: maybe(z.string()),
  }),
}
