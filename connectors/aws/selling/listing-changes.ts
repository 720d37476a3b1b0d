/**
 * What has to be changed at AWS for a listing to be what the draft says. A change type appears once per entity, so there
 * are never more changes than types: six of the product and three of its public offer, well below the twenty that one
 * change set takes. Source: the change types of SaaSProduct@1.0 and Offer@1.0 in AWS's public shape library.
 */
import type { ChangeProblem, ListedAt, ListingDifference, ListingDraft } from '../../connector.ts'
import { isRestricted } from '../../listed.ts'
import { toAwsDimension, toAwsTypes } from '../map.ts'
import { type CatalogChange, type CatalogDocument, type CatalogValue, changeOf } from '../wire/documents.ts'
import { type AwsProduct, deliveryOption, fromAwsTypes } from './listed.ts'
import type { ListingOptions } from './options.ts'
import { toAwsOfferEula, toAwsPublicPricing } from './terms.ts'

type Wanted = {
  at: ListedAt
  before: ListingDraft
  after: ListingDraft
  options: ListingOptions
  /** The product as AWS shows it, and what of it differs from `after`. */
  product: AwsProduct
  differences: readonly ListingDifference[]
}
type Made = { ok: true; changes: CatalogChange[] } | { ok: false; problems: ChangeProblem[] }

export function toAwsListingChanges(wanted: Wanted): Made {
  const { at, after, differences } = wanted
  const fixed = differences.filter(({ field }) => /^dimensions\..+\.unit$/.test(field))
  const terms = offerTerms(wanted)
  const problems: ChangeProblem[] = fixed.map(({ field }) => {
    const plain = `AWS lets nobody change the unit of a dimension. Take over AWS's unit, or add a dimension with a new key.`
    return { code: 'UNIT_IS_FIXED', message: plain, field, plain }
  })
  if (terms.length > 0 && at.public_offer_id === null) {
    const plain =
      'The public offer of this listing is not known here, so its prices and terms cannot be changed. Change them in the AWS Marketplace Management Portal.'
    problems.push({ code: 'UNKNOWN_PUBLIC_OFFER', message: plain, field: 'prices', plain })
  }
  if (problems.length > 0) return { ok: false, problems }
  const product = changeOf('SaaSProduct@1.0', at.product_id)
  const offer = changeOf('Offer@1.0', at.public_offer_id ?? '')
  const limited_to = wanted.options.limited_to
  const changes: CatalogChange[] = [
    ...some('UpdateInformation', information(wanted)),
    ...some(
      'UpdateTargeting',
      differs(wanted, 'options.limited_to') && limited_to !== undefined
        ? { PositiveTargeting: { BuyerAccounts: limited_to } }
        : undefined,
    ),
    ...delivery(wanted),
    ...some(
      'AddDimensions',
      list(
        after.dimensions.filter((one) => sold(after, one.key) && !shown(wanted, one.key)).map(toAwsDimension),
      ),
    ),
    ...some('UpdateDimensions', list(changedDimensions(wanted))),
    ...some('RestrictDimensions', list(restrictedDimensions(wanted))),
  ].map(([type, details]) => product(type, details))
  return { ok: true, changes: [...changes, ...terms.map(([type, details]) => offer(type, details))] }
}

type Typed = [type: string, details: CatalogDocument]

function some(type: string, details: CatalogDocument | undefined): Typed[] {
  return details === undefined ? [] : [[type, details]]
}

function list(values: CatalogValue[]): CatalogValue[] | undefined {
  return values.length === 0 ? undefined : values
}

/** Does AWS show something else? What AWS does not show as we sent it differs if we changed it ourselves. */
function differs({ differences }: Wanted, field: string): boolean {
  return differences.some((one) => one.field === field)
}

function sold(draft: ListingDraft, key: string): boolean {
  return !isRestricted(draft, key)
}

function shown({ product }: Wanted, key: string) {
  return (product.Dimensions ?? []).find(({ Key }) => Key === key)
}

const information_fields = {
  title: 'ProductTitle',
  short_description: 'ShortDescription',
  long_description: 'LongDescription',
  highlights: 'Highlights',
  keywords: 'SearchKeywords',
  categories: 'Categories',
  logo_url: 'LogoUrl',
  support: 'SupportDescription',
} as const

/** Only the fields that differ: AWS leaves the others as they are. */
function information(wanted: Wanted): CatalogDocument | undefined {
  const { before, after } = wanted
  const names = Object.keys(information_fields) as (keyof typeof information_fields)[]
  const changed = names.filter(
    (name) => differs(wanted, name) || (name === 'logo_url' && before.logo_url !== after.logo_url),
  )
  if (changed.length === 0) return undefined
  return Object.fromEntries(changed.map((name) => [information_fields[name], after[name]]))
}

function delivery(wanted: Wanted): Typed[] {
  if (!differs(wanted, 'fulfilment_url')) return []
  const Details = { SaaSUrlDeliveryOptionDetails: { FulfillmentUrl: wanted.after.fulfilment_url } }
  const Id = deliveryOption(wanted.product)?.Id
  return Id
    ? [['UpdateDeliveryOptions', { DeliveryOptions: [{ Id, Details }] }]]
    : [['AddDeliveryOptions', { DeliveryOptions: [{ Details }] }]]
}

function changedDimensions(wanted: Wanted): CatalogValue[] {
  return wanted.after.dimensions
    .filter(({ key }) => sold(wanted.after, key) && shown(wanted, key) !== undefined)
    .filter(({ key }) =>
      ['', '.name', '.description'].some((part) => differs(wanted, `dimensions.${key}${part}`)),
    )
    .map(({ key, name, description, kind }) => {
      const types = shown(wanted, key)?.Types ?? []
      const lacks = !fromAwsTypes(types).includes(kind)
      return {
        Key: key,
        Name: name,
        Description: description,
        Types: lacks ? [...types, ...toAwsTypes(kind)] : [...types],
      }
    })
}

function restrictedDimensions(wanted: Wanted): CatalogValue[] {
  return (wanted.after.restricted ?? []).flatMap((key) => {
    const types = shown(wanted, key)?.Types ?? []
    return types.length === 0 ? [] : [{ Key: key, Types: types }]
  })
}

/** Each of these replaces its whole family of terms. */
function offerTerms(wanted: Wanted): Typed[] {
  const { before, after, options, differences } = wanted
  const eula = options.eula ?? 'standard'
  const eula_changed =
    options.eula !== undefined &&
    (differs(wanted, 'options.eula') || eula !== (before.options?.eula ?? 'standard'))
  const { PricingModel, Terms } = toAwsPublicPricing(after)
  return [
    ...some(
      'UpdatePricingTerms',
      differences.some(({ field }) => field.startsWith('prices.')) ? { PricingModel, Terms } : undefined,
    ),
    ...some(
      'UpdateLegalTerms',
      eula_changed ? { Terms: [{ Type: 'LegalTerm', Documents: [toAwsOfferEula(eula)] }] } : undefined,
    ),
    ...some(
      'UpdateSupportTerms',
      differs(wanted, 'refund_policy')
        ? { Terms: [{ Type: 'SupportTerm', RefundPolicy: after.refund_policy }] }
        : undefined,
    ),
  ]
}
