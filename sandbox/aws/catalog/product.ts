import type { ErrorDetail, Json, Product } from '../model.ts'
import { opaque } from '../world.ts'
import { type ApplyContext, type ChangeHandler, withoutNulls } from './change-context.ts'
import { refuseProduct } from './product-codes.ts'
import { dimensionHandlers } from './product-dimensions.ts'
import { optionDocument, optionHandlers } from './product-options.ts'

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
  return product.targeting
    .filter((buyer) => !/^\d{12}$/.test(buyer))
    .map((buyer) => refuseProduct('INVALID_BUYER_ACCOUNTS', `${buyer} is no account id of 12 digits.`))
}

const releaseProduct: ChangeHandler<Product> = (_context, product) => {
  const errors: ErrorDetail[] = []
  if (product.visibility !== 'Draft')
    errors.push(refuseProduct('INCOMPATIBLE_STATUS', 'The product is released already.'))
  for (const field of [
    'ProductTitle',
    'ShortDescription',
    'LongDescription',
    'LogoUrl',
    'Categories',
    'SearchKeywords',
  ]) {
    if (product.information[field] === undefined) {
      errors.push(
        refuseProduct('MISSING_MANDATORY_FIELDS', `The product needs ${field} before it is released.`),
      )
    }
  }
  if (product.delivery_options.length === 0) {
    errors.push(
      refuseProduct('MISSING_DELIVERY_OPTIONS', 'The product needs a delivery option before it is released.'),
    )
  }
  if (product.dimensions.length === 0) {
    errors.push(refuseProduct('MISSING_DIMENSIONS', 'The product needs a dimension before it is released.'))
  }
  // A released product is limited to its targeted accounts until its visibility is changed.
  product.visibility = 'Limited'
  return errors
}

type Visibility = { TargetVisibility: 'Public' | 'Restricted' | 'Limited'; ReplacementProductId?: string }

const updateVisibility: ChangeHandler<Product> = (context, product, details) => {
  const { TargetVisibility, ReplacementProductId } = withoutNulls(details) as Visibility
  if (product.visibility === 'Draft') {
    return [refuseProduct('INCOMPATIBLE_STATUS', 'Release the product first.')]
  }
  if (ReplacementProductId !== undefined) {
    const other = context.draft(ReplacementProductId)
    const stands = other?.kind === 'SaaSProduct' && ['Public', 'Limited'].includes(other.visibility)
    if (TargetVisibility !== 'Restricted' || !stands || other.id === product.id) {
      const message = 'A restricted product is replaced by another product that is on the market.'
      return [refuseProduct('INVALID_REPLACEMENT_PRODUCT', message)]
    }
  }
  product.visibility = TargetVisibility
  product.replacement_product_id = ReplacementProductId
  for (const option of product.delivery_options) {
    if (option.Visibility !== 'Unavailable') option.Visibility = TargetVisibility
  }
  return []
}

export const productChangeHandlers: Record<string, ChangeHandler<Product>> = {
  UpdateInformation: updateInformation,
  UpdateTargeting: updateTargeting,
  ...optionHandlers,
  ...dimensionHandlers,
  ReleaseProduct: releaseProduct,
  UpdateVisibility: updateVisibility,
}

/** The product as DescribeEntity shows it. */
export function productDocument(product: Product) {
  const { information } = product
  const resources = (information.AdditionalResources ?? []) as { Text: string; Url: string }[]
  const videos = Array.isArray(information.VideoUrls) ? information.VideoUrls : []
  return {
    Versions: [
      { Id: `${product.id}-version`, DeliveryOptions: product.delivery_options.map(optionDocument) },
    ],
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
      ReplacementProductId: product.replacement_product_id ?? null,
    },
    Targeting: { PositiveTargeting: { BuyerAccounts: product.targeting } },
    Dimensions: product.dimensions,
    PromotionalResources: {
      LogoUrl: information.LogoUrl ?? null,
      Videos: videos.map((Url) => ({ Type: 'Link', Title: null, Url })),
      AdditionalResources: resources.map((resource) => ({ Type: 'Link', ...resource })),
    },
    SupportInformation: { Description: information.SupportDescription ?? null },
  }
}
