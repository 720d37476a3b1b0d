import { type ApplyContext, type ChangeHandler, refuse, withoutNulls } from './change-context.ts'
import type { DeliveryOption, Dimension, ErrorDetail, Json, Product } from './model.ts'
import { opaque } from './world.ts'

type OptionDetails = { SaaSUrlDeliveryOptionDetails: { FulfillmentUrl?: string; [extra: string]: unknown } }

export function newProduct(context: ApplyContext, id: string, details: Json): Product {
  const { ProductTitle } = withoutNulls(details) as { ProductTitle?: string }
  return {
    kind: 'SaaSProduct',
    id,
    owner: context.account_id,
    revision: 0,
    created_at: context.now,
    modified_at: context.now,
    product_code: opaque(context.world, 25).toLowerCase(),
    visibility: 'Draft',
    information: ProductTitle === undefined ? {} : { ProductTitle },
    targeting: [],
    delivery_options: [],
    dimensions: [],
  }
}

const updateInformation: ChangeHandler<Product> = (_context, product, details) => {
  product.information = { ...product.information, ...(withoutNulls(details) as { [key: string]: Json }) }
  return []
}

const updateTargeting: ChangeHandler<Product> = (_context, product, details) => {
  const { PositiveTargeting } = details as { PositiveTargeting: { BuyerAccounts: string[] } }
  product.targeting = PositiveTargeting.BuyerAccounts
  return []
}

const addDeliveryOptions: ChangeHandler<Product> = (context, product, details) => {
  const { DeliveryOptions } = withoutNulls(details) as { DeliveryOptions: { Details: OptionDetails }[] }
  for (const { Details } of DeliveryOptions) {
    const { FulfillmentUrl = '', ...rest } = Details.SaaSUrlDeliveryOptionDetails
    const option: DeliveryOption = {
      Id: context.world.id('do'),
      Type: 'SaaSUrlDeliveryOption',
      FulfillmentUrl,
      Visibility: product.visibility === 'Draft' ? 'Limited' : product.visibility,
      ...rest,
    }
    product.delivery_options.push(option)
  }
  return []
}

const updateDeliveryOptions: ChangeHandler<Product> = (_context, product, details) => {
  const { DeliveryOptions } = withoutNulls(details) as {
    DeliveryOptions: { Id: string; Details: OptionDetails }[]
  }
  const errors: ErrorDetail[] = []
  for (const { Id, Details } of DeliveryOptions) {
    const option = product.delivery_options.find((candidate) => candidate.Id === Id)
    if (option) Object.assign(option, Details.SaaSUrlDeliveryOptionDetails)
    else errors.push(refuse('INVALID_DELIVERY_OPTION_ID', `The delivery option ${Id} does not exist.`))
  }
  return errors
}

/** Metered outside AWS is still metered: the cloud adds the general type and lists it first. */
function normaliseTypes(types: string[]): string[] {
  const all = new Set(types)
  if (all.has('ExternallyMetered')) all.add('Metered')
  return ['Entitled', 'Metered', 'ExternallyMetered'].filter((type) => all.has(type))
}

const addDimensions: ChangeHandler<Product> = (_context, product, details) => {
  const errors: ErrorDetail[] = []
  for (const dimension of details as Dimension[]) {
    if (product.dimensions.some((existing) => existing.Key === dimension.Key)) {
      errors.push(refuse('DUPLICATE_DIMENSION_KEYS', `The dimension ${dimension.Key} exists already.`))
    } else product.dimensions.push({ ...dimension, Types: normaliseTypes(dimension.Types) })
  }
  return errors
}

function eachDimension(
  product: Product,
  changes: Partial<Dimension>[],
  change: (found: Dimension, to: Partial<Dimension>) => void,
) {
  const errors: ErrorDetail[] = []
  for (const to of changes) {
    const found = product.dimensions.find((dimension) => dimension.Key === to.Key)
    if (found) change(found, to)
    else errors.push(refuse('INVALID_DIMENSION_KEY', `The dimension ${to.Key} does not exist.`))
  }
  return errors
}

const updateDimensions: ChangeHandler<Product> = (_context, product, details) =>
  eachDimension(product, withoutNulls(details) as Partial<Dimension>[], (found, to) => {
    Object.assign(found, to, { Types: normaliseTypes([...found.Types, ...(to.Types ?? [])]) })
  })

const restrictDimensions: ChangeHandler<Product> = (_context, product, details) =>
  eachDimension(product, details as Partial<Dimension>[], (found, to) => {
    found.Types = found.Types.filter((type) => !to.Types?.includes(type))
  })

const releaseProduct: ChangeHandler<Product> = (_context, product) => {
  const errors: ErrorDetail[] = []
  if (product.visibility !== 'Draft')
    errors.push(refuse('INCOMPATIBLE_STATUS', 'The product is released already.'))
  for (const field of [
    'ProductTitle',
    'ShortDescription',
    'LongDescription',
    'LogoUrl',
    'Categories',
    'SearchKeywords',
  ]) {
    if (product.information[field] === undefined) {
      errors.push(refuse('MISSING_MANDATORY_FIELDS', `The product needs ${field} before it is released.`))
    }
  }
  if (product.delivery_options.length === 0) {
    errors.push(
      refuse('MISSING_DELIVERY_OPTIONS', 'The product needs a delivery option before it is released.'),
    )
  }
  if (product.dimensions.length === 0) {
    errors.push(refuse('MISSING_DIMENSIONS', 'The product needs a dimension before it is released.'))
  }
  // A released product is limited to its targeted accounts until its visibility is changed.
  product.visibility = 'Limited'
  return errors
}

const updateVisibility: ChangeHandler<Product> = (_context, product, details) => {
  const { TargetVisibility } = details as { TargetVisibility: 'Public' | 'Restricted' | 'Limited' }
  if (product.visibility === 'Draft') return [refuse('INCOMPATIBLE_STATUS', 'Release the product first.')]
  product.visibility = TargetVisibility
  for (const option of product.delivery_options) option.Visibility = TargetVisibility
  return []
}

export const productChangeHandlers: Record<string, ChangeHandler<Product>> = {
  UpdateInformation: updateInformation,
  UpdateTargeting: updateTargeting,
  AddDeliveryOptions: addDeliveryOptions,
  UpdateDeliveryOptions: updateDeliveryOptions,
  AddDimensions: addDimensions,
  UpdateDimensions: updateDimensions,
  RestrictDimensions: restrictDimensions,
  ReleaseProduct: releaseProduct,
  UpdateVisibility: updateVisibility,
}

/** The product as DescribeEntity shows it. */
export function productDocument(product: Product) {
  const { information } = product
  const videos = Array.isArray(information.VideoUrls) ? information.VideoUrls : []
  return {
    Versions: [{ Id: `${product.id}-version`, DeliveryOptions: product.delivery_options }],
    Description: {
      ProductTitle: information.ProductTitle ?? null,
      ProductCode: product.product_code,
      ShortDescription: information.ShortDescription ?? null,
      LongDescription: information.LongDescription ?? null,
      Sku: information.Sku ?? null,
      Highlights: information.Highlights ?? [],
      Categories: information.Categories ?? [],
      SearchKeywords: information.SearchKeywords ?? [],
      AssociatedProducts: information.AssociatedProducts ?? null,
      ProductState: product.visibility === 'Draft' ? 'Draft' : 'Active',
      Visibility: product.visibility,
    },
    Targeting: { PositiveTargeting: { BuyerAccounts: product.targeting } },
    Dimensions: product.dimensions,
    PromotionalResources: {
      LogoUrl: information.LogoUrl ?? null,
      Videos: videos.map((Url) => ({ Type: 'Link', Title: null, Url })),
      AdditionalResources: information.AdditionalResources ?? [],
    },
    SupportInformation: { Description: information.SupportDescription ?? null },
  }
}
