import { z } from 'zod'
import type { Agreement, Json } from '../model.ts'
import type { World } from '../world.ts'
import { agreementFor, invalid, paged, readBody } from './problems.ts'
import { endBehavior } from './renewal-rules.ts'
import { id, paging } from './shapes.ts'

const filterValue = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[A-Za-z0-9.,+:/_-]+$/, 'is not a filter value')
const schema = z.object({
  catalog: z.string().optional(),
  filters: z
    .array(z.object({ name: z.string(), values: z.array(filterValue).length(1) }))
    .min(1)
    .max(10)
    .optional(),
  sort: z
    .object({ sortBy: z.string().optional(), sortOrder: z.enum(['ASCENDING', 'DESCENDING']).optional() })
    .optional(),
  ...paging,
})

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
  OfferSetId: (agreement, value) => agreement.offer_set_id === value,
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
/** The filters whose values are a closed list. */
const closed: Record<string, string[]> = {
  Status: `ACTIVE ARCHIVED CANCELLED EXPIRED RENEWED REPLACED ROLLED_BACK SUPERSEDED TERMINATED`.split(' '),
  EndTimeBehaviorType: ['RENEW', 'REPLACE', 'EXPIRE'],
  EndTimeBehaviorReasonCode:
    'PROPOSER_RENEW_OPTED_OUT ACCEPTOR_RENEW_OPTED_OUT NO_RENEWAL_TERM RENEWAL_LIMIT_EXHAUSTED'.split(' '),
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
  const { catalog, filters = [], sort, ...page } = readBody(schema, body)
  if (catalog !== undefined && catalog !== 'AWSMarketplace') {
    throw invalid('INVALID_CATALOG', 'catalog', `The catalog ${catalog} does not exist.`)
  }
  const value = (name: string) => filters.find((filter) => filter.name === name)?.values[0]
  const party = value('PartyType')
  checkFilters(filters, party)
  const time = sortTime(sort?.sortBy, party)
  const direction = sort?.sortOrder === 'DESCENDING' ? -1 : 1
  const found = world.agreements
    .all()
    .filter((agreement) => (party === 'Acceptor' ? agreement.acceptor : agreement.proposer) === account)
    .filter((agreement) => filters.every(({ name, values: [text = ''] }) => tests[name]?.(agreement, text)))
    .sort((left, right) => (time(left) - time(right)) * direction || (left.id < right.id ? -1 : 1))
  return paged('agreementViewSummaries', found, page, summary)
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
    const known = closed[name]
    if (known && !known.includes(values[0] ?? '')) {
      throw invalid('INVALID_FILTER_VALUES', 'filters', `${name} must be one of ${known.join(', ')}.`)
    }
  }
  const names = filters.map((filter) => filter.name)
  if (new Set(names).size < names.length) {
    throw invalid('INVALID_FILTERS', 'filters', 'Each filter may be given once.')
  }
}

function sortTime(by: string | undefined, party: string | undefined): (agreement: Agreement) => number {
  if (by === undefined || by === 'EndTime') return endsAt
  if (party === 'Proposer' && by === 'StartTime') return (agreement) => agreement.starts_at
  if (party === 'Proposer' && by === 'LastUpdateTime') return (agreement) => agreement.updated_at
  throw invalid('INVALID_SORT_BY', 'sort', `Sorting by ${by} is not supported.`)
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
      ...(agreement.offer_set_id === undefined ? {} : { offerSetId: agreement.offer_set_id }),
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
    ...(behavior.reasonCode === undefined ? {} : { endTimeBehaviorReasonCode: behavior.reasonCode }),
  }
}

const described = z.object({ agreementId: id })

export function describeAgreement(world: World, account: string, body: Json): object {
  const agreement = agreementFor(world, account, readBody(described, body).agreementId)
  return {
    ...common(agreement),
    estimatedCharges: { currencyCode: agreement.currency, agreementValue: agreement.value },
    endTimeBehavior: endBehavior(agreement),
  }
}
