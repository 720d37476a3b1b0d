import type { DeliveryOption, ErrorDetail, Product } from '../model.ts'
import { type ChangeHandler, withoutNulls } from './change-context.ts'
import { refuseProduct } from './product-codes.ts'

type Fields = { FulfillmentUrl?: string; [extra: string]: unknown }
type OptionDetails = { SaaSUrlDeliveryOptionDetails?: Fields; ApiDeliveryOptionDetails?: Fields }
type Visibility = {
  Id: string
  TargetVisibility?: string
  Targeting?: { PositiveTargeting: { BuyerAccounts: string[] } }
}

/** Details are of one kind of option: a page the buyer is sent to, or an API. */
function readDetails(details: OptionDetails): { Type: string; fields: Fields } | undefined {
  const { SaaSUrlDeliveryOptionDetails: page, ApiDeliveryOptionDetails: api } = details
  if (page && !api) return { Type: 'SaaSUrlDeliveryOption', fields: page }
  if (api && !page) return { Type: 'ApiDeliveryOption', fields: api }
  return undefined
}

const oneKind = () => refuseProduct('INVALID_DELIVERY_OPTION', 'A delivery option has details of one kind.')

const addDeliveryOptions: ChangeHandler<Product> = (context, product, details) => {
  const { DeliveryOptions } = withoutNulls(details) as { DeliveryOptions: { Details: OptionDetails }[] }
  const errors: ErrorDetail[] = []
  for (const { Details } of DeliveryOptions) {
    const read = readDetails(Details)
    if (!read) {
      errors.push(oneKind())
      continue
    }
    const { FulfillmentUrl = '', ...rest } = read.fields
    product.delivery_options.push({
      Id: context.world.id('do'),
      Type: read.Type,
      FulfillmentUrl,
      Visibility: product.visibility === 'Draft' ? 'Limited' : product.visibility,
      ...rest,
    })
  }
  return errors
}

function eachOption<T extends { Id: string }>(
  product: Product,
  changes: T[],
  change: (option: DeliveryOption, to: T) => ErrorDetail[],
): ErrorDetail[] {
  return changes.flatMap((to) => {
    const option = product.delivery_options.find((candidate) => candidate.Id === to.Id)
    if (option) return change(option, to)
    return [refuseProduct('INVALID_DELIVERY_OPTION_ID', `The delivery option ${to.Id} does not exist.`)]
  })
}

const updateDeliveryOptions: ChangeHandler<Product> = (_context, product, details) => {
  const { DeliveryOptions } = withoutNulls(details) as {
    DeliveryOptions: { Id: string; Details: OptionDetails }[]
  }
  return eachOption(product, DeliveryOptions, (option, { Details }) => {
    const read = readDetails(Details)
    if (read?.Type !== option.Type) return [oneKind()]
    Object.assign(option, read.fields)
    return []
  })
}

const updateOptionsVisibility: ChangeHandler<Product> = (_context, product, details) => {
  const { DeliveryOptions } = withoutNulls(details) as { DeliveryOptions: Visibility[] }
  return eachOption(product, DeliveryOptions, (option, { TargetVisibility, Targeting }) => {
    if (TargetVisibility !== undefined) option.Visibility = TargetVisibility
    if (Targeting !== undefined) option.Targeting = Targeting
    return []
  })
}

export const optionHandlers: Record<string, ChangeHandler<Product>> = {
  AddDeliveryOptions: addDeliveryOptions,
  UpdateDeliveryOptions: updateDeliveryOptions,
  UpdateDeliveryOptionsVisibility: updateOptionsVisibility,
}

type Template = {
  Title: string
  Description?: string
  IamPolicy: string
  CloudFormationDetails: { DefaultStackName: string; TemplateUrl: string }
}

/** An option as DescribeEntity shows it: every field, and templates without their inner level. */
export function optionDocument(option: DeliveryOption) {
  const templates = option.DeploymentTemplates as Template[] | undefined
  return {
    Id: option.Id,
    Type: option.Type,
    FulfillmentUrl: option.FulfillmentUrl,
    LaunchUrl: option.LaunchUrl ?? null,
    UsageInstructions: option.UsageInstructions ?? null,
    QuickLaunchEnabled: option.QuickLaunchEnabled ?? null,
    DeploymentTemplates:
      templates?.map(({ Title, Description, IamPolicy, CloudFormationDetails }) => ({
        Type: 'CloudFormation',
        Title,
        Description: Description ?? null,
        IamPolicy,
        ...CloudFormationDetails,
      })) ?? null,
    ApiType: option.ApiType ?? null,
    CompatibleServices: option.CompatibleServices ?? null,
    Endpoints: option.Endpoints ?? null,
    Visibility: option.Visibility,
    Targeting: option.Targeting ?? null,
  }
}
