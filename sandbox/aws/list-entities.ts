import { z } from 'zod'
import { endOfDate, isoSeconds } from '../time.ts'
import { offerExtendedStatus } from './authorization.ts'
import { catalogError } from './errors.ts'
import type { Entity, Json } from './model.ts'
import { page, readPage } from './paging.ts'
import { entityArn, product as findProduct, type World } from './world.ts'

const range = z.object({ AfterValue: z.string().optional(), BeforeValue: z.string().optional() })
const filter = z.object({
  ValueList: z.array(z.string()).optional(),
  WildCardValue: z.string().optional(),
  DateRange: range.optional(),
})
const sort = z.object({
  SortBy: z.string().optional(),
  SortOrder: z.enum(['ASCENDING', 'DESCENDING']).optional(),
})
const schema = z.object({
  Catalog: z.literal('AWSMarketplace'),
  EntityType: z.string(),
  OwnershipType: z.enum(['SELF', 'SHARED']).optional(),
  FilterList: z
    .array(z.object({ Name: z.string(), ValueList: z.array(z.string()).min(1) }))
    .max(8)
    .optional(),
  Sort: sort.optional(),
  EntityTypeFilters: z.record(z.string(), z.record(z.string(), filter)).optional(),
  EntityTypeSort: z.record(z.string(), sort).optional(),
  MaxResults: z.int().min(1).max(50).optional(),
  NextToken: z.string().optional(),
})
type Filter = z.infer<typeof filter>
type Fields = Record<string, string | number | string[] | null>

const kinds = ['SaaSProduct', 'Offer', 'ResaleAuthorization']

const date = (day: string | undefined) => (day === undefined ? null : isoSeconds(endOfDate(day)))

/** What a summary shows; the same names are what one filters and sorts by. */
function fieldsOf(world: World, entity: Entity): Fields {
  const common = { EntityId: entity.id, LastModifiedDate: isoSeconds(entity.modified_at) }
  const product = findProduct(world, entity.kind === 'SaaSProduct' ? entity.id : entity.product_id)
  const title = String(product?.information.ProductTitle ?? '')
  if (entity.kind === 'SaaSProduct') return { ...common, ProductTitle: title, Visibility: entity.visibility }
  if (entity.kind === 'Offer') {
    const targeting = [
      ...(entity.buyer_accounts ? ['BuyerAccounts'] : []),
      ...(entity.country_codes ? ['CountryCodes'] : []),
    ]
    return {
      ...common,
      Name: entity.name ?? null,
      ProductId: entity.product_id,
      ResaleAuthorizationId: entity.resale_authorization_id ?? null,
      ReleaseDate: entity.released_at === undefined ? null : isoSeconds(entity.released_at),
      AvailabilityEndDate: date(entity.availability_end_date),
      BuyerAccounts: entity.buyer_accounts ?? null,
      State: entity.state,
      Targeting: targeting.length > 0 ? targeting : ['None'],
      OfferSetId: null,
      TargetAgreementId: entity.replaces_agreement_id ?? null,
      TargetAgreementIntent: null,
      CreatedBySource: 'Seller',
    }
  }
  return {
    ...common,
    Name: entity.name,
    ProductId: entity.product_id,
    ProductName: title,
    ManufacturerAccountId: entity.owner,
    ManufacturerLegalName: world.accounts.get(entity.owner)?.name ?? null,
    ResellerAccountID: entity.reseller,
    ResellerLegalName: world.accounts.get(entity.reseller)?.name ?? null,
    Status: entity.status,
    OfferExtendedStatus: offerExtendedStatus(entity),
    CreatedDate: isoSeconds(entity.created_at),
    AvailabilityEndDate: date(entity.availability_end_date),
    ResellerRole: 'ChannelPartner',
    SourceAuthorization: null,
    IssuerAccountId: entity.owner,
  }
}

function passes(value: Fields[string] | undefined, by: Filter): boolean {
  const values = (Array.isArray(value) ? value : [value ?? null]).map((item) =>
    item === null ? null : String(item),
  )
  const text = values.find((item) => item !== null) ?? undefined
  if (by.ValueList && !values.some((item) => item !== null && by.ValueList?.includes(item))) return false
  if (
    by.WildCardValue &&
    !values.some((item) => item?.toLowerCase().includes(by.WildCardValue?.toLowerCase() ?? ''))
  ) {
    return false
  }
  if (
    by.DateRange?.AfterValue &&
    !(text !== undefined && Date.parse(text) > Date.parse(by.DateRange.AfterValue))
  ) {
    return false
  }
  if (
    by.DateRange?.BeforeValue &&
    !(text !== undefined && Date.parse(text) < Date.parse(by.DateRange.BeforeValue))
  ) {
    return false
  }
  return true
}

export function listEntities(world: World, account: string, body: Json): object {
  const read = schema.safeParse(body)
  if (!read.success) {
    const issues = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
    throw catalogError('ValidationException', `The request is not valid. ${issues}`)
  }
  const { EntityType, OwnershipType, EntityTypeFilters, EntityTypeSort, ...request } = read.data
  const kind = EntityType.split('@')[0] ?? ''
  if (!kinds.includes(kind)) {
    throw catalogError('ResourceNotFoundException', `The entity type ${EntityType} is not known here.`)
  }
  const filters: Record<string, Filter> = { ...(EntityTypeFilters?.[`${kind}Filters`] ?? {}) }
  for (const { Name, ValueList } of request.FilterList ?? []) filters[Name] = { ValueList }
  const rows = world.entities
    .all()
    .filter((entity) => entity.kind === kind && isVisible(account, entity, OwnershipType ?? 'SELF'))
    .map((entity) => ({ entity, fields: fieldsOf(world, entity) }))
  const unknown = Object.keys(filters).find((name) => rows[0] && !(name in rows[0].fields))
  if (unknown)
    throw catalogError('ValidationException', `The filter ${unknown} is not supported for ${kind}.`)
  const order = EntityTypeSort?.[`${kind}Sort`] ?? request.Sort
  const found = rows.filter(({ fields }) =>
    Object.entries(filters).every(([name, by]) => passes(fields[name], by)),
  )
  const by = order?.SortBy ?? 'LastModifiedDate'
  const direction = (order?.SortOrder ?? (order ? 'ASCENDING' : 'DESCENDING')) === 'ASCENDING' ? 1 : -1
  found.sort((left, right) => {
    const [first, second] = [String(left.fields[by] ?? ''), String(right.fields[by] ?? '')]
    return (first < second ? -1 : first > second ? 1 : 0) * direction
  })
  const { items, next } = page(found, readPage(request.NextToken), request.MaxResults ?? 50)
  return {
    EntitySummaryList: items.map(({ entity, fields }) => summary(entity, fields)),
    NextToken: next ?? null,
  }
}

/** SHARED is what others issued to this account: the sandbox shares a released authorization by itself. */
function isVisible(account: string, entity: Entity, ownership: string): boolean {
  if (ownership === 'SELF') return entity.owner === account
  return entity.kind === 'ResaleAuthorization' && entity.reseller === account && entity.status !== 'Draft'
}

/** Absent summaries are explicit nulls on the wire. */
function summary(entity: Entity, fields: Fields): object {
  const { EntityId, LastModifiedDate, ...own } = fields
  return {
    Name: own.Name ?? own.ProductTitle ?? null,
    EntityType: entity.kind,
    EntityId,
    EntityArn: entityArn(entity.owner, entity.kind, entity.id),
    LastModifiedDate,
    Visibility: own.Visibility ?? null,
    AmiProductSummary: null,
    ContainerProductSummary: null,
    DataProductSummary: null,
    SaaSProductSummary: null,
    OfferSummary: null,
    ResaleAuthorizationSummary: null,
    MachineLearningProductSummary: null,
    OfferSetSummary: null,
    [`${entity.kind}Summary`]: own,
  }
}
