import { z } from 'zod'
import { address, empty, fulfilmentUrl, maybe, referenceOr, text, within } from './change-shapes.ts'

const dimensionTypes = z
  .array(z.enum(['Entitled', 'Metered', 'ExternallyMetered']))
  .min(1)
  .max(3)
const key = within(1, 100).regex(/^[A-Za-z0-9_.-]+$/, 'must be letters, digits and _ . -')
const name = /^[A-Za-z][a-zA-Z0-9-]+$/
const instructions = within(0, 30000)

const template = z.strictObject({
  Title: within(0, 128),
  Description: maybe(within(0, 4000)),
  IamPolicy: within(0, 6144),
  CloudFormationDetails: z.strictObject({
    DefaultStackName: within(1, 128).regex(name, 'must be letters, digits and -'),
    TemplateUrl: within(8, 2048).regex(/^https:\/\/.*\.amazonaws\.com\//, 'must be an address in S3'),
  }),
})
const saasOption = {
  LaunchUrl: maybe(fulfilmentUrl),
  UsageInstructions: maybe(instructions),
  DeploymentTemplates: maybe(z.array(template).min(1).max(20)),
}

const endpoint = z.strictObject({
  EndpointUrl: fulfilmentUrl,
  AuthorizationTypes: z
    .array(z.enum(['API_KEY', 'OAUTH2']))
    .min(1)
    .max(2),
  Name: maybe(within(0, 100).regex(name, 'must be letters, digits and -')),
  Description: maybe(within(0, 4000)),
  EndpointType: maybe(z.enum(['STATIC', 'DYNAMIC'])),
  EndpointUrlParameters: maybe(
    z
      .array(
        z.strictObject({
          Name: within(1, 100).regex(/^[a-zA-Z][a-zA-Z0-9_]*$/, 'must be letters, digits and _'),
          DefaultValue: maybe(within(1, 256).regex(/^[a-zA-Z0-9._~-]+$/, 'must stand in an address')),
          Description: maybe(within(1, 1000)),
        }),
      )
      .min(1)
      .max(5),
  ),
  IntegrationProtocols: maybe(
    z.array(z.strictObject({ Type: z.enum(['MCP', 'A2A']), UsageInstructions: instructions })).max(2),
  ),
  Schemas: maybe(
    z
      .array(
        z.strictObject({
          Type: z.literal('OPEN_API'),
          SchemaUrl: within(8, 2048).regex(/https:\/\//, 'must be an https address'),
        }),
      )
      .max(1),
  ),
})
const apiType = z.enum(['MCP_SERVER', 'KNOWLEDGE_BASE', 'AGENT', 'GUARDRAIL', 'OTHER'])
const endpoints = z.array(endpoint).length(1)
const apiOption = {
  UsageInstructions: maybe(instructions),
  CompatibleServices: maybe(z.array(z.literal('Bedrock-AgentCore')).max(1)),
}

const addedOption = z.strictObject({
  SaaSUrlDeliveryOptionDetails: maybe(
    z.strictObject({ FulfillmentUrl: fulfilmentUrl, QuickLaunchEnabled: maybe(z.boolean()), ...saasOption }),
  ),
  ApiDeliveryOptionDetails: maybe(
    z.strictObject({
      ApiType: apiType,
      FulfillmentUrl: fulfilmentUrl,
      QuickLaunchEnabled: z.boolean(),
      Endpoints: endpoints,
      ...apiOption,
    }),
  ),
})
const updatedOption = z.strictObject({
  SaaSUrlDeliveryOptionDetails: maybe(
    z.strictObject({ FulfillmentUrl: maybe(fulfilmentUrl), ...saasOption }),
  ),
  ApiDeliveryOptionDetails: maybe(
    z.strictObject({
      ApiType: maybe(apiType),
      FulfillmentUrl: maybe(fulfilmentUrl),
      QuickLaunchEnabled: maybe(z.boolean()),
      Endpoints: maybe(endpoints),
      ...apiOption,
    }),
  ),
})
const optionId = within(4, 36).regex(/^do-[a-zA-Z0-9]+$/, 'must be the id of a delivery option')

const targeting = z.strictObject({
  PositiveTargeting: z.strictObject({ BuyerAccounts: z.array(z.string()).max(100) }),
})
const options = <T extends z.ZodType>(option: T) => z.strictObject({ DeliveryOptions: z.array(option) })

/** The details of every change type of a SaaS product. */
export const productChanges = {
  CreateProduct: z.strictObject({ ProductTitle: maybe(text(72)) }),
  UpdateInformation: z.strictObject({
    ProductTitle: maybe(text(72)),
    ShortDescription: maybe(text(1000)),
    LongDescription: maybe(text(5000)),
    Sku: maybe(text(5000)),
    LogoUrl: maybe(address(/^https:\/\/[-\w@.]{1,256}\.[a-zA-Z0-9()]{2,63}\b/)),
    VideoUrls: maybe(z.array(z.string()).max(1)),
    Highlights: maybe(z.array(within(0, 500)).min(1).max(3)),
    Categories: maybe(z.array(z.string()).min(1).max(3)),
    SearchKeywords: maybe(z.array(within(0, 50)).min(1).max(15)),
    AdditionalResources: maybe(
      z
        .array(
          z.strictObject({
            Text: text(500),
            Url: address(/^https?:\/\/[-\w@:%.+~#=]{1,256}\.[a-zA-Z0-9()]{2,63}\b[-\w()@:%+.~#?&/=, ]*$/),
          }),
        )
        .max(3),
    ),
    AssociatedProducts: maybe(z.array(z.string()).min(1).max(10)),
    SupportDescription: maybe(text(2000)),
  }),
  UpdateTargeting: targeting,
  AddDeliveryOptions: options(z.strictObject({ Details: addedOption })),
  UpdateDeliveryOptions: options(z.strictObject({ Id: optionId, Details: updatedOption })),
  UpdateDeliveryOptionsVisibility: z.strictObject({
    DeliveryOptions: z
      .array(
        z.strictObject({
          Id: optionId,
          TargetVisibility: maybe(z.enum(['Public', 'Limited', 'Unavailable'])),
          Targeting: maybe(targeting),
        }),
      )
      .max(2),
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
    ReplacementProductId: maybe(
      referenceOr(
        z
          .string()
          .regex(
            /^prod-[a-zA-Z0-9]{13}|prod-[a-zA-Z0-9]{25}|[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
            'must be the id of a product',
          ),
      ),
    ),
  }),
}
