/**
 * Agreements. The search knows its caller as proposer or acceptor only: what a reseller sold of our product is not in
 * it. Such an agreement is learned from its "Manufacturer" event, or from the reports, and read by its id.
 */
import type { AcceptedTerm, AgreementViewSummary, Filter } from '@aws-sdk/client-marketplace-agreement'
import { MINUTE_MS } from '../../src/core/time.ts'
import type { AgreementRecord, Agreements, Connection, Pulled } from '../connector.ts'
import { agreementsOf } from './agreements/customers.ts'
import { readEntitlements, resolveToken } from './agreements/entitlements.ts'
import { fromAwsAgreement } from './agreements/map-agreements.ts'
import type { Aws } from './clients.ts'
import { isFaultOf } from './faults.ts'
import { toAwsInstant } from './syndication.ts'
import { CATALOG } from './wire/changesets.ts'
import { advance, type Cursor, readCursor, writeCursor } from './wire/cursor.ts'

/** Each agreement of a page costs two further requests, so pages are small. */
const PAGE_MAX = 10
const READ_AT_ONCE_MAX = 4
const OVERLAP_MS = 2 * MINUTE_MS
/** Pages of terms of one agreement; more than this is not a list that ends. */
const PAGES_MAX = 20

export function awsAgreements(aws: Aws): Agreements {
  return {
    registration: { place: 'form', field: 'x-amzn-marketplace-token', covers: 'agreement' },
    pull: (connection, cursor) => pullAgreements(aws, connection, cursor),
    read: (connection, agreement_id) => readAgreement(aws, connection, agreement_id),
    entitlements: (connection, product_code, license) =>
      readEntitlements(aws, connection, product_code, license),
    agreementsOf: (connection, customer) => agreementsOf(aws, connection, customer),
    resolve: (connection, token) => resolveToken(aws, connection, token),
  }
}

async function pullAgreements(
  aws: Aws,
  connection: Connection,
  text: string | null,
): Promise<Pulled<AgreementRecord>> {
  const cursor = readCursor(text)
  const answer = await searchPage(aws, connection, cursor)
  const page = (answer.agreementViewSummaries ?? []).flatMap((summary) => {
    const changed_at = summary.lastUpdateTime
    if (summary.agreementId === undefined || changed_at === undefined) return []
    return [
      { key: `${summary.agreementId} ${changed_at.getTime()} ${summary.status}`, changed_at, item: summary },
    ]
  })
  const { fresh, next } = advance(cursor, page, answer.nextToken ?? null, OVERLAP_MS)
  const summaries = fresh.map((entry) => entry.item)
  const authorizations = await authorizationsOf(
    aws,
    connection,
    summaries.flatMap((summary) => summary.proposalSummary?.offerId ?? []),
  )
  const items = await inGroups(summaries, READ_AT_ONCE_MAX, (summary) =>
    assemble(aws, connection, summary.agreementId ?? '', summary, authorizations),
  )
  return { items, next: writeCursor(next), more: next.token !== null }
}

async function searchPage(aws: Aws, connection: Connection, cursor: Cursor) {
  const filters = [
    { name: 'PartyType', values: ['Proposer'] },
    { name: 'AgreementType', values: ['PurchaseAgreement'] },
    ...(cursor.since === null
      ? []
      : [{ name: 'AfterLastUpdateTime', values: [toAwsInstant(new Date(cursor.since))] }]),
  ]
  try {
    return await search(aws, connection, filters, cursor.token)
  } catch (error) {
    // A token that was kept too long is refused; the list is then read from its start again.
    if (cursor.token === null || !isFaultOf(error, 'invalid')) throw error
    return search(aws, connection, filters, null)
  }
}

async function search(aws: Aws, connection: Connection, filters: Filter[], nextToken: string | null) {
  const agreement = await (await aws.clients(connection)).agreement()
  const request = {
    catalog: CATALOG,
    filters,
    sort: { sortBy: 'LastUpdateTime', sortOrder: 'ASCENDING' as const },
    maxResults: PAGE_MAX,
    ...(nextToken === null ? {} : { nextToken }),
  }
  return aws.guard(connection, 'SearchAgreements', (abortSignal) =>
    agreement.searchAgreements(request, { abortSignal }),
  )
}

async function readAgreement(
  aws: Aws,
  connection: Connection,
  agreement_id: string,
): Promise<AgreementRecord> {
  const first = await assemble(aws, connection, agreement_id, undefined, new Map())
  if (first.role === 'manufacturer') return first
  // Only the search tells the licence and the time of change, and only the list of offers the authorization.
  const filters = [
    { name: 'PartyType', values: ['Proposer'] },
    { name: 'AgreementType', values: ['PurchaseAgreement'] },
    { name: 'AcceptorAccountId', values: [first.buyer_account_id] },
    ...(first.offer_id === null ? [] : [{ name: 'OfferId', values: [first.offer_id] }]),
  ]
  const answer = await search(aws, connection, filters, null)
  const summary = answer.agreementViewSummaries?.find((item) => item.agreementId === agreement_id)
  const authorizations = await authorizationsOf(
    aws,
    connection,
    first.offer_id === null ? [] : [first.offer_id],
  )
  return {
    ...first,
    authorization_id: (first.offer_id === null ? undefined : authorizations.get(first.offer_id)) ?? null,
    updated_at: summary?.lastUpdateTime ?? null,
    license: summary?.entitlements?.find((item) => item.licenseArn)?.licenseArn ?? null,
  }
}

/** Reads one agreement and its terms, and puts them together with what the search already told. */
async function assemble(
  aws: Aws,
  connection: Connection,
  agreement_id: string,
  summary: AgreementViewSummary | undefined,
  authorizations: ReadonlyMap<string, string>,
): Promise<AgreementRecord> {
  const client = await (await aws.clients(connection)).agreement()
  const request = { agreementId: agreement_id }
  const agreement = await aws.guard(connection, 'DescribeAgreement', (abortSignal) =>
    client.describeAgreement(request, { abortSignal }),
  )
  const terms = await readTerms(aws, connection, agreement_id, agreement.proposer?.accountId)
  const offer_id = agreement.proposalSummary?.offerId
  const authorization_id = offer_id === undefined ? undefined : authorizations.get(offer_id)
  const { $metadata: _, ...received } = agreement
  return {
    ...fromAwsAgreement(agreement, terms, connection.account_id, { summary, authorization_id }),
    evidence: aws.evidence(request, { agreement: received, terms }),
  }
}

/** A manufacturer may not read the terms that its reseller agreed with the buyer; what is hidden stays unknown. */
async function readTerms(
  aws: Aws,
  connection: Connection,
  agreementId: string,
  proposer: string | undefined,
): Promise<AcceptedTerm[]> {
  const client = await (await aws.clients(connection)).agreement()
  const terms: AcceptedTerm[] = []
  let nextToken: string | undefined
  try {
    for (let pages = 0; pages < PAGES_MAX; pages += 1) {
      const request = { agreementId, ...(nextToken === undefined ? {} : { nextToken }) }
      const answer = await aws.guard(connection, 'GetAgreementTerms', (abortSignal) =>
        client.getAgreementTerms(request, { abortSignal }),
      )
      terms.push(...(answer.acceptedTerms ?? []))
      nextToken = answer.nextToken
      if (nextToken === undefined) break
    }
    return terms
  } catch (error) {
    if (proposer !== connection.account_id && isFaultOf(error, 'forbidden')) return []
    throw error
  }
}

/** The authorization behind each of our own offers that has one; without the permission to list, none is known. */
async function authorizationsOf(
  aws: Aws,
  connection: Connection,
  offer_ids: readonly string[],
): Promise<Map<string, string>> {
  if (offer_ids.length === 0) return new Map()
  const catalog = await (await aws.clients(connection)).catalog()
  const ValueList = [...new Set(offer_ids)]
  try {
    const answer = await aws.guard(connection, 'ListEntities', (abortSignal) =>
      catalog.listEntities(
        {
          Catalog: CATALOG,
          EntityType: 'Offer',
          EntityTypeFilters: { OfferFilters: { EntityId: { ValueList } } },
          MaxResults: 50,
        },
        { abortSignal },
      ),
    )
    const pairs = (answer.EntitySummaryList ?? []).map((item) => [
      item.EntityId,
      item.OfferSummary?.ResaleAuthorizationId,
    ])
    return new Map(pairs.filter((pair): pair is [string, string] => Boolean(pair[0] && pair[1])))
  } catch (error) {
    if (isFaultOf(error, 'forbidden')) return new Map()
    throw error
  }
}

async function inGroups<T, R>(
  items: readonly T[],
  size: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  for (let start = 0; start < items.length; start += size) {
    results.push(...(await Promise.all(items.slice(start, start + size).map(work))))
  }
  return results
}
