import { z } from 'zod'
import { isoSeconds } from '../../time.ts'
import { catalogError } from '../errors.ts'
import type { Entity } from '../model.ts'
import { page } from '../paging.ts'
import { entityArn } from '../world.ts'
import {
  catalogName,
  checkCatalog,
  instant,
  nextToken,
  type Operation,
  readCatalogBody,
  readOffset,
  sortOrder,
} from './catalog-request.ts'
import { emptyKinds, entityKinds, type Fields, type Filterable } from './entity-fields.ts'

const word = z.string().min(1).max(255)
const letters = word.regex(/^[a-zA-Z]+$/)
const filter = z.strictObject({
  ValueList: z.array(word).min(1).max(10).optional(),
  WildCardValue: word.optional(),
  DateRange: z.strictObject({ AfterValue: instant.optional(), BeforeValue: instant.optional() }).optional(),
})
const sort = z.strictObject({ SortBy: letters.optional(), SortOrder: sortOrder.optional() })
const schema = z.object({
  Catalog: catalogName,
  EntityType: letters,
  OwnershipType: z.enum(['SELF', 'SHARED']).optional(),
  FilterList: z
    .array(z.object({ Name: letters, ValueList: z.array(word).min(1).max(10) }))
    .min(1)
    .max(8)
    .optional(),
  Sort: sort.optional(),
  EntityTypeFilters: z.record(z.string(), z.record(z.string(), filter)).optional(),
  EntityTypeSort: z.record(z.string(), sort).optional(),
  MaxResults: z.int().min(1).max(50).optional(),
  NextToken: nextToken.optional(),
})
type Filter = z.infer<typeof filter>
type Request = z.infer<typeof schema>

const invalid = (message: string) => catalogError('ValidationException', message)

/** The one member of a union, which must be that of the entity type asked for. */
function member<T>(union: Record<string, T> | undefined, name: string): T | undefined {
  const names = Object.keys(union ?? {})
  if (union === undefined) return undefined
  if (names.length !== 1) throw invalid('Give exactly one member of the union.')
  if (names[0] !== name) throw invalid(`${names[0]} does not fit the EntityType: use ${name}.`)
  return union[name]
}

function readFilters(request: Request, kind: string): [string, Filter][] {
  const typed = member(request.EntityTypeFilters, `${kind}Filters`)
  const known = entityKinds[kind]?.filters ?? {}
  const list: [string, Filter][] = [
    ...(request.FilterList ?? []).map(({ Name, ValueList }): [string, Filter] => [Name, { ValueList }]),
    ...Object.entries(typed ?? {}),
  ]
  if (list.length > 8) throw invalid('A request has at most 8 filters.')
  for (const [name, by] of list) {
    const allowed = known[name]
    if (!allowed) throw invalid(`The filter ${name} is not supported for ${kind}.`)
    checkForm(name, by, allowed)
  }
  return list
}

function checkForm(name: string, by: Filter, allowed: Filterable): void {
  if (!by.ValueList && !by.WildCardValue && !by.DateRange) throw invalid(`The filter ${name} is empty.`)
  if (by.ValueList && !allowed.values) throw invalid(`The filter ${name} takes no ValueList.`)
  if (by.WildCardValue && !allowed.wildcard) throw invalid(`The filter ${name} takes no WildCardValue.`)
  if (by.DateRange && !allowed.range) throw invalid(`The filter ${name} takes no DateRange.`)
  if (allowed.values === undefined || allowed.values === true) return
  const choices = allowed.values
  const stranger = by.ValueList?.find((value) => !choices.includes(value))
  if (stranger !== undefined) throw invalid(`${stranger} is no value for ${name}: use ${choices.join(', ')}.`)
}

function passes(value: Fields[string] | undefined, by: Filter): boolean {
  const given = Array.isArray(value) ? value : value === null || value === undefined ? [] : [value]
  const part = by.WildCardValue?.toLowerCase()
  const { AfterValue: after, BeforeValue: before } = by.DateRange ?? {}
  if (by.ValueList && !given.some((item) => by.ValueList?.includes(item))) return false
  if (part !== undefined && !given.some((item) => item.toLowerCase().includes(part))) return false
  if (after && !given.some((item) => Date.parse(item) > Date.parse(after))) return false
  return !before || given.some((item) => Date.parse(item) < Date.parse(before))
}

function readOrder(request: Request, kind: string): { by: string; direction: number } {
  const typed = member(request.EntityTypeSort, `${kind}Sort`)
  const order = typed ?? request.Sort
  const by = order?.SortBy ?? 'LastModifiedDate'
  const known = entityKinds[kind]?.sorts ?? []
  if (order?.SortBy && !known.includes(by)) throw invalid(`${kind} cannot be sorted by ${by}.`)
  const chosen = order?.SortOrder ?? (order?.SortBy ? 'ASCENDING' : 'DESCENDING')
  return { by, direction: chosen === 'ASCENDING' ? 1 : -1 }
}

export const listEntities: Operation = (world, account, { body }) => {
  const request = readCatalogBody(schema, body)
  checkCatalog(request.Catalog)
  const kind = request.EntityType
  const offset = readOffset(request.NextToken)
  if (emptyKinds.includes(kind)) return { EntitySummaryList: [], NextToken: null }
  const known = entityKinds[kind]
  if (!known) throw catalogError('ResourceNotFoundException', `The entity type ${kind} does not exist.`)
  const filters = readFilters(request, kind)
  const { by, direction } = readOrder(request, kind)
  const found = world.entities
    .all()
    .filter((entity) => entity.kind === kind && isVisible(account, entity, request.OwnershipType ?? 'SELF'))
    .map((entity) => ({
      entity,
      fields: {
        EntityId: entity.id,
        LastModifiedDate: isoSeconds(entity.modified_at),
        ...known.fields(world, entity),
      } as Fields,
    }))
    .filter(({ fields }) => filters.every(([name, filter]) => passes(fields[name], filter)))
    .sort((left, right) => {
      const [first, second] = [String(left.fields[by] ?? ''), String(right.fields[by] ?? '')]
      return (first < second ? -1 : first > second ? 1 : 0) * direction
    })
  const { items, next } = page(found, offset, request.MaxResults ?? 20)
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
    ...(Object.keys(own).length > 0 ? { [`${entity.kind}Summary`]: own } : {}),
  }
}
