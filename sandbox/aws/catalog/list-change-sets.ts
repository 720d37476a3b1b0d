import { z } from 'zod'
import { isoSeconds } from '../../time.ts'
import { catalogError } from '../errors.ts'
import type { ChangeSet } from '../model.ts'
import { page } from '../paging.ts'
import {
  catalogName,
  checkCatalog,
  instant,
  nextToken,
  type Operation,
  readCatalogBody,
  readOffset,
  resourceId,
  sortOrder,
} from './catalog-request.ts'
import { changeSetArn, isRemembered } from './change-sets.ts'

const text = z.string().min(1).max(255)

/** Each filter: the values it takes, how many, and which change sets pass. All filters must pass. */
const filters: Record<
  string,
  { value: z.ZodType<string>; most: number; passes: (changeSet: ChangeSet, values: string[]) => boolean }
> = {
  EntityId: {
    value: resourceId,
    most: 10,
    passes: (changeSet, values) => changeSet.entity_ids.some((id) => values.includes(id)),
  },
  ChangeSetName: {
    value: z.string().min(1).max(100),
    most: 10,
    passes: (changeSet, values) => values.includes(changeSet.name),
  },
  Status: {
    value: z.enum(['PREPARING', 'APPLYING', 'SUCCEEDED', 'CANCELLED', 'FAILED']),
    most: 10,
    passes: (changeSet, values) => values.includes(changeSet.status),
  },
  BeforeStartTime: time(
    (changeSet) => changeSet.started_at,
    (at, than) => at < than,
  ),
  AfterStartTime: time(
    (changeSet) => changeSet.started_at,
    (at, than) => at > than,
  ),
  BeforeEndTime: time(
    (changeSet) => changeSet.ended_at,
    (at, than) => at < than,
  ),
  AfterEndTime: time(
    (changeSet) => changeSet.ended_at,
    (at, than) => at > than,
  ),
}

/** One instant to compare with; what has no such time yet does not pass. */
function time(
  of: (changeSet: ChangeSet) => number | undefined,
  compare: (at: number, than: number) => boolean,
) {
  return {
    value: instant,
    most: 1,
    passes: (changeSet: ChangeSet, [value = '']: string[]) => {
      const at = of(changeSet)
      return at !== undefined && compare(at, Date.parse(value))
    },
  }
}

const schema = z.object({
  Catalog: catalogName,
  FilterList: z
    .array(
      z.object({
        Name: z
          .string()
          .min(1)
          .max(255)
          .regex(/^[a-zA-Z]+$/),
        ValueList: z.array(text).min(1).max(10),
      }),
    )
    .min(1)
    .max(8)
    .optional(),
  Sort: z
    .object({ SortBy: z.enum(['StartTime', 'EndTime']).optional(), SortOrder: sortOrder.optional() })
    .optional(),
  MaxResults: z.int().min(1).max(20).optional(),
  NextToken: nextToken.optional(),
})

function checkFilters(list: { Name: string; ValueList: string[] }[]): void {
  for (const { Name, ValueList } of list) {
    const filter = filters[Name]
    if (!filter) throw catalogError('ValidationException', `The filter ${Name} is not supported.`)
    if (ValueList.length > filter.most) {
      throw catalogError('ValidationException', `The filter ${Name} takes ${filter.most} value.`)
    }
    for (const value of ValueList) {
      if (!filter.value.safeParse(value).success) {
        throw catalogError('ValidationException', `${value} is no value for the filter ${Name}.`)
      }
    }
  }
}

export const listChangeSets: Operation = (world, account, request) => {
  const body = readCatalogBody(schema, request.body)
  checkCatalog(body.Catalog)
  const list = body.FilterList ?? []
  checkFilters(list)
  const direction = body.Sort?.SortOrder === 'ASCENDING' ? 1 : -1
  const sortedBy = (changeSet: ChangeSet) =>
    body.Sort?.SortBy === 'EndTime' ? (changeSet.ended_at ?? Infinity) : changeSet.started_at
  const found = world.change_sets
    .all()
    .filter((changeSet) => changeSet.account_id === account && isRemembered(world, changeSet))
    .filter((changeSet) => list.every(({ Name, ValueList }) => filters[Name]?.passes(changeSet, ValueList)))
    .sort((left, right) => compared(sortedBy(left), sortedBy(right)) * direction)
  const { items, next } = page(found, readOffset(body.NextToken), body.MaxResults ?? 20)
  return {
    ChangeSetSummaryList: items.map((changeSet) => ({
      ChangeSetId: changeSet.id,
      ChangeSetArn: changeSetArn(changeSet),
      ChangeSetName: changeSet.name,
      StartTime: isoSeconds(changeSet.started_at),
      EndTime: changeSet.ended_at === undefined ? null : isoSeconds(changeSet.ended_at),
      Status: changeSet.status,
      EntityIdList: changeSet.entity_ids,
      FailureCode: changeSet.failure_code ?? null,
    })),
    NextToken: next ?? null,
  }
}

// Two that have not ended are alike; their difference would be no number.
const compared = (left: number, right: number) => (left === right ? 0 : left < right ? -1 : 1)
