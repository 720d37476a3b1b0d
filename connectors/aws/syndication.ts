/** Resale authorizations: given by the vendor, seen and used by the reseller. */
import type { EntitySummary } from '@aws-sdk/client-marketplace-catalog'
import { MINUTE_MS } from '../../src/core/time.ts'
import type { Connection, Pulled, SharedAuthorization, Syndication } from '../connector.ts'
import type { Aws } from './clients.ts'
import { asProblems } from './selling/examine.ts'
import {
  examineAuthorization,
  examineResellerOffer,
  openedPricing,
  ownPricing,
} from './selling/examine-channel.ts'
import { toAwsAuthorization, toAwsResellerOffer, toAwsRestriction } from './selling/map-channel.ts'
import { authorizationOptionFields, resellerOfferOptionFields } from './selling/option-fields.ts'
import { optionShapes, readOptions } from './selling/options.ts'
import { CATALOG, checkChangeSet, startChangeSet } from './wire/changesets.ts'
import { advance, type Cursor, type Listed, readCursor, writeCursor } from './wire/cursor.ts'

const PAGE_MAX = 50
const OVERLAP_MS = 5 * MINUTE_MS

export function awsSyndication(aws: Aws): Syndication {
  return {
    resolution: 'send_identical',
    options: authorizationOptionFields,
    offer_options: resellerOfferOptionFields,
    examine: examineAuthorization,
    examineOffer: examineResellerOffer,
    own_schedule: true,
    async authorize(connection, draft, key) {
      const read = readOptions(optionShapes.authorization, draft.options)
      const problems = read.ok ? asProblems(openedPricing(draft)) : read.problems
      if (!read.ok || problems.length > 0) return { status: 'failed', problems, evidence: {} }
      return startChangeSet(aws, connection, 'authorize', key, toAwsAuthorization(draft, read.options))
    },
    restrict: (connection, authorization_id, key) =>
      startChangeSet(aws, connection, 'restrict', key, toAwsRestriction(authorization_id)),
    async createOffer(connection, draft, key) {
      const read = readOptions(optionShapes.reseller_offer, draft.options)
      const problems = read.ok ? asProblems(ownPricing(draft)) : read.problems
      if (!read.ok || problems.length > 0) return { status: 'failed', problems, evidence: {} }
      const changes = toAwsResellerOffer(draft, read.options)
      return startChangeSet(aws, connection, 'reseller-offer', key, changes)
    },
    check: (connection, reference) => checkChangeSet(aws, connection, reference),
    pullShared: (connection, cursor) => pullShared(aws, connection, cursor),
  }
}

/** No event tells a reseller of a new authorization, so the shared ones are listed by their time of change. */
async function pullShared(
  aws: Aws,
  connection: Connection,
  text: string | null,
): Promise<Pulled<SharedAuthorization>> {
  const cursor = readCursor(text)
  const request = sharedRequest(cursor)
  const catalog = await (await aws.clients(connection)).catalog()
  const answer = await aws.guard(connection, 'ListEntities', (abortSignal) =>
    catalog.listEntities(request, { abortSignal }),
  )
  const page = (answer.EntitySummaryList ?? []).flatMap((entity) => fromAwsShared(aws, entity))
  const { fresh, next } = advance(cursor, page, answer.NextToken ?? null, OVERLAP_MS)
  return { items: fresh.map((entry) => entry.item), next: writeCursor(next), more: next.token !== null }
}

function sharedRequest(cursor: Cursor) {
  return {
    Catalog: CATALOG,
    EntityType: 'ResaleAuthorization',
    OwnershipType: 'SHARED' as const,
    EntityTypeSort: {
      ResaleAuthorizationSort: { SortBy: 'LastModifiedDate' as const, SortOrder: 'ASCENDING' as const },
    },
    MaxResults: PAGE_MAX,
    ...(cursor.since === null
      ? {}
      : {
          EntityTypeFilters: {
            ResaleAuthorizationFilters: {
              LastModifiedDate: { DateRange: { AfterValue: toAwsInstant(new Date(cursor.since)) } },
            },
          },
        }),
    ...(cursor.token === null ? {} : { NextToken: cursor.token }),
  }
}

/** The catalog takes and gives instants in exactly this form, to the second. */
export function toAwsInstant(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`
}

function fromAwsShared(aws: Aws, entity: EntitySummary): Listed<SharedAuthorization>[] {
  const summary = entity.ResaleAuthorizationSummary
  const authorization_id = entity.EntityId
  const changed_at = new Date(entity.LastModifiedDate ?? '')
  if (authorization_id === undefined || Number.isNaN(changed_at.getTime())) return []
  const item: SharedAuthorization = {
    authorization_id,
    product_id: summary?.ProductId ?? '',
    name: summary?.Name ?? entity.Name ?? '',
    vendor_account_id: summary?.ManufacturerAccountId ?? '',
    state: fromAwsAuthorizationStatus(summary?.Status),
    evidence: aws.evidence(undefined, entity),
  }
  return [
    { key: `${authorization_id} ${entity.LastModifiedDate} ${summary?.Status ?? ''}`, changed_at, item },
  ]
}

export function fromAwsAuthorizationStatus(status: string | null | undefined): SharedAuthorization['state'] {
  switch (status) {
    case 'Draft':
      return 'draft'
    case 'Active':
      return 'active'
    case 'Restricted':
      return 'restricted'
    default:
      return 'unknown'
  }
}
