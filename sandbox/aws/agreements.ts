import { z } from 'zod'
import { parseDate } from '../time.ts'
import { AwsError } from './errors.ts'
import type { Agreement, Json, Term } from './model.ts'
import { page, readPage } from './paging.ts'
import type { World } from './world.ts'

const schema = z.object({
  catalog: z.string().optional(),
  filters: z
    .array(z.object({ name: z.string(), values: z.array(z.string()).length(1) }))
    .max(10)
    .optional(),
  sort: z
    .object({ sortBy: z.string().optional(), sortOrder: z.enum(['ASCENDING', 'DESCENDING']).optional() })
    .optional(),
  maxResults: z.int().min(1).max(50).optional(),
  nextToken: z.string().optional(),
})

function invalid(reason: string, name: string, message: string): AwsError {
  return new AwsError('ValidationException', message, 400, { reason, fields: [{ name, message }] })
}

type Test = (agreement: Agreement, value: string) => boolean
const before =
  (time: (agreement: Agreement) => number): Test =>
  (agreement, value) =>
    time(agreement) < instant(value)
const after =
  (time: (agreement: Agreement) => number): Test =>
  (agreement, value) =>
    time(agreement) > instant(value)

/** Filter values are text; both an ISO instant and epoch seconds are read. */
function instant(value: string): number {
  return /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value)
}

const endsAt = (agreement: Agreement) => agreement.ended_at ?? agreement.ends_at
const tests: Record<string, Test> = {
  AgreementType: (_agreement, value) => value === 'PurchaseAgreement',
  PartyType: () => true,
  ResourceIdentifier: (agreement, value) => agreement.product_id === value,
  ResourceType: (_agreement, value) => value === 'SaaSProduct',
  AcceptorAccountId: (agreement, value) => agreement.acceptor === value,
  OfferId: (agreement, value) => agreement.offer_id === value,
  OfferSetId: () => false,
  Status: (agreement, value) => agreement.status === value,
  InitialAgreementId: (agreement, value) => agreement.initial_agreement_id === value,
  LicenseArn: (agreement, value) => agreement.license_arn === value,
  EndTimeBehaviorType: (agreement, value) => endBehavior(agreement).type === value,
  EndTimeBehaviorReasonCode: (agreement, value) => endBehavior(agreement).reasonCode === value,
  BeforeEndTime: before(endsAt),
  AfterEndTime: after(endsAt),
  BeforeStartTime: before((agreement) => agreement.starts_at),
  AfterStartTime: after((agreement) => agreement.starts_at),
  BeforeLastUpdateTime: before((agreement) => agreement.updated_at),
  AfterLastUpdateTime: after((agreement) => agreement.updated_at),
}
const acceptorTests = [
  'AgreementType',
  'PartyType',
  'Status',
  'BeforeEndTime',
  'AfterEndTime',
  'ResourceIdentifier',
]
const acceptorOnly = new Set([...acceptorTests, 'ResourceType', 'OfferId', 'OfferSetId'])

export function searchAgreements(world: World, account: string, body: Json): object {
  const read = schema.safeParse(body)
  if (!read.success) {
    const field = read.error.issues[0]?.path.join('.') ?? 'request'
    throw invalid('INVALID_FILTERS', field, read.error.issues[0]?.message ?? 'The request is not valid.')
  }
  const { catalog, filters = [], sort, maxResults, nextToken } = read.data
  if (catalog !== undefined && catalog !== 'AWSMarketplace') {
    throw invalid('INVALID_CATALOG', 'catalog', `The catalog ${catalog} does not exist.`)
  }
  const value = (name: string) => filters.find((filter) => filter.name === name)?.values[0]
  const party = value('PartyType')
  checkFilters(filters, party)
  const offset = readPage(nextToken)
  if (offset === undefined) throw invalid('INVALID_NEXT_TOKEN', 'nextToken', 'The nextToken is not valid.')
  const time = sortTime(sort?.sortBy, party)
  const direction = sort?.sortOrder === 'DESCENDING' ? -1 : 1
  const found = world.agreements
    .all()
    .filter((agreement) => (party === 'Acceptor' ? agreement.acceptor : agreement.proposer) === account)
    .filter((agreement) => filters.every(({ name, values: [text = ''] }) => tests[name]?.(agreement, text)))
    .sort((left, right) => (time(left) - time(right)) * direction || (left.id < right.id ? -1 : 1))
  const { items, next } = page(found, offset, maxResults ?? 50)
  return { agreementViewSummaries: items.map(summary), ...(next ? { nextToken: next } : {}) }
}

function checkFilters(filters: { name: string; values: string[] }[], party: string | undefined): void {
  if (!filters.some((filter) => filter.name === 'AgreementType')) {
    throw invalid('INVALID_FILTERS', 'filters', 'The filter AgreementType is required.')
  }
  // The published model knows two parties: a vendor whose reseller made the offer is neither of them.
  if (party !== 'Proposer' && party !== 'Acceptor') {
    const reason = party === undefined ? 'MISSING_PARTY_TYPE' : 'INVALID_PARTY_TYPE'
    throw invalid(reason, 'filters', 'The filter PartyType must be Proposer or Acceptor.')
  }
  for (const { name, values } of filters) {
    if (!tests[name]) throw invalid('INVALID_FILTER_NAME', 'filters', `The filter ${name} does not exist.`)
    if (party === 'Acceptor' && !acceptorOnly.has(name)) {
      throw invalid('UNSUPPORTED_FILTERS', 'filters', `The filter ${name} is not supported for an acceptor.`)
    }
    if (/Time$/.test(name) && Number.isNaN(instant(values[0] ?? ''))) {
      throw invalid('INVALID_FILTER_VALUES', 'filters', `The value of ${name} must be a time.`)
    }
  }
}

function sortTime(by: string | undefined, party: string | undefined): (agreement: Agreement) => number {
  if (by === undefined || by === 'EndTime') return endsAt
  if (party === 'Proposer' && by === 'StartTime') return (agreement) => agreement.starts_at
  if (party === 'Proposer' && by === 'LastUpdateTime') return (agreement) => agreement.updated_at
  throw invalid('INVALID_SORT_BY', 'sort', `Sorting by ${by} is not supported.`)
}

/** Renewals are not played here, so an agreement ends; a renewal term is told apart by its opted-out reason. */
function endBehavior(agreement: Agreement) {
  const renews = agreement.terms.some((term) => term.Type === 'RenewalTerm')
  return { type: 'EXPIRE', reasonCode: renews ? 'ACCEPTOR_RENEW_OPTED_OUT' : 'NO_RENEWAL_TERM' }
}

function common(agreement: Agreement) {
  return {
    agreementId: agreement.id,
    acceptanceTime: agreement.accepted_at / 1000,
    startTime: agreement.starts_at / 1000,
    endTime: endsAt(agreement) / 1000,
    agreementType: 'PurchaseAgreement',
    acceptor: { accountId: agreement.acceptor },
    proposer: { accountId: agreement.proposer },
    proposalSummary: {
      resources: [{ id: agreement.product_id, type: 'SaaSProduct' }],
      offerId: agreement.offer_id,
    },
    status: agreement.status,
    initialAgreementId: agreement.initial_agreement_id,
  }
}

function summary(agreement: Agreement): object {
  const behavior = endBehavior(agreement)
  return {
    ...common(agreement),
    lastUpdateTime: agreement.updated_at / 1000,
    entitlements: [{ licenseArn: agreement.license_arn }],
    endTimeBehaviorType: behavior.type,
    endTimeBehaviorReasonCode: behavior.reasonCode,
  }
}

function readable(world: World, account: string, body: Json): Agreement {
  const { agreementId = '' } = (body ?? {}) as { agreementId?: string }
  if (agreementId === '') throw invalid('MISSING_AGREEMENT_ID', 'agreementId', 'The agreementId is missing.')
  const found = world.agreements.get(agreementId)
  if (!found) {
    const extra = { resourceId: agreementId, resourceType: 'Agreement' }
    throw new AwsError(
      'ResourceNotFoundException',
      `The agreement ${agreementId} does not exist.`,
      400,
      extra,
    )
  }
  if (found.proposer !== account && found.acceptor !== account) {
    throw new AwsError('AccessDeniedException', `The account ${account} is no party of ${agreementId}.`)
  }
  return found
}

export function describeAgreement(world: World, account: string, body: Json): object {
  const agreement = readable(world, account, body)
  return {
    ...common(agreement),
    estimatedCharges: { currencyCode: agreement.currency, agreementValue: agreement.value },
    endTimeBehavior: endBehavior(agreement),
  }
}

export function agreementTerms(world: World, account: string, body: Json): object {
  const agreement = readable(world, account, body)
  const { maxResults, nextToken } = (body ?? {}) as { maxResults?: number; nextToken?: string }
  const offset = readPage(nextToken)
  if (offset === undefined) throw invalid('INVALID_NEXT_TOKEN', 'nextToken', 'The nextToken is not valid.')
  const terms = agreement.terms.map((term) => ({ [lower(term.Type)]: acceptedTerm(agreement, term) }))
  const { items, next } = page(terms, offset, maxResults ?? 50)
  return { acceptedTerms: items, ...(next ? { nextToken: next } : {}) }
}

const lower = (name: string) => name.charAt(0).toLowerCase() + name.slice(1)
const instants = new Set(['ChargeDate', 'AgreementStartDate', 'AgreementEndDate'])

/** This API writes names in camel case and dates as epoch seconds, unlike the catalog. */
function camel(value: unknown, name = ''): Json {
  if (typeof value === 'string' && instants.has(name)) return parseDate(value) / 1000
  if (Array.isArray(value)) return value.map((item: unknown) => camel(item))
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, item]) => item !== undefined)
    return Object.fromEntries(fields.map(([key, item]) => [lower(key), camel(item, key)]))
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}

function acceptedTerm(agreement: Agreement, term: Term): Json {
  const shown = camel(term)
  if (typeof shown !== 'object' || shown === null || Array.isArray(shown)) return shown
  if (term.Type === 'ConfigurableUpfrontPricingTerm' && agreement.configuration) {
    const dimensions = Object.entries(agreement.configuration.dimensions).map(
      ([dimensionKey, dimensionValue]) => ({
        dimensionKey,
        dimensionValue,
      }),
    )
    return { ...shown, configuration: { selectorValue: agreement.configuration.selector, dimensions } }
  }
  if (term.Type === 'RenewalTerm') return { ...shown, configuration: { enableAutoRenew: false } }
  return shown
}
