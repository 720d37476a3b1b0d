// AWS Marketplace for the suite.
import { awsConnector } from '../../../../connectors/aws/index.ts'
import { seededRandom } from '../../../../src/core/random.ts'
import type { Ground } from '../../ground.ts'
import type { Market, World } from '../../world.ts'
import { BUYER, openAccount, RESELLER, STRANGER, VENDOR } from './accounts.ts'
import { callScenarios } from './calls/index.ts'
import { deedsOf } from './deeds.ts'
import { drafts } from './drafts.ts'
import { expected } from './expected.ts'
import { messagesOf } from './messages.ts'
import { allocationScenarios } from './own-allocations.ts'
import { channelScenarios } from './own-channel.ts'
import { channelTermScenarios } from './own-channel-terms.ts'
import { dealScenarios } from './own-deals.ts'
import { descriptionScenarios } from './own-descriptions.ts'
import { messageScenarios } from './own-messages.ts'
import { meteringScenarios } from './own-metering.ts'
import { moneyScenarios } from './own-money.ts'
import { offerSetScenarios } from './own-offer-sets.ts'
import { offerKindScenarios } from './own-offers.ts'
import { readingScenarios } from './own-reading.ts'
import { setRefusalScenarios } from './own-set-refusals.ts'
import { offerTermScenarios } from './own-terms.ts'
import { seenOf } from './seen.ts'
import { statements } from './statements.ts'
import { trace } from './trace.ts'

/** The suite is faster than AWS allows; pacing is the caller's. */
const paced = ['StartChangeSet', 'DescribeChangeSet', 'ListChangeSets', 'ListEntities', 'DescribeEntity']

export const aws: World = {
  cloud: 'aws',
  trace,
  own: [
    ...offerKindScenarios,
    ...offerTermScenarios,
    ...offerSetScenarios,
    ...setRefusalScenarios,
    ...channelScenarios,
    ...channelTermScenarios,
    ...dealScenarios,
    ...readingScenarios,
    ...meteringScenarios,
    ...allocationScenarios,
    ...moneyScenarios,
    ...descriptionScenarios,
    ...messageScenarios,
    ...callScenarios,
  ],
  lacks: {
    manufacturer_reads: 'AWS lets proposer and acceptor read an agreement, and nobody else',
    suspension: 'AWS tells no suspension of an agreement',
    unpaid_usage: 'AWS tells no suspension of an agreement',
  },
  open,
}

async function open(ground: Ground): Promise<Omit<Market, 'another'>> {
  for (const operation of paced)
    await ground.control('/throttles', { service: 'marketplace-catalog', operation, rate_per_second: null })
  const vendor = await openAccount(ground, VENDOR, 'seller')
  await openAccount(ground, BUYER, 'buyer')
  const connector = awsConnector({
    config: { region: 'us-east-1', endpoints: ground.server.urls.aws },
    fetch: ground.network.fetch,
    clocks: ground.clocks,
    random: seededRandom(1),
    observe: (call) => ground.calls.push(call),
  })
  const stranger = () => openAccount(ground, STRANGER, 'seller')
  const reseller = () => openAccount(ground, RESELLER, 'seller')
  return {
    ...ground,
    cloud: 'aws',
    connector,
    vendor,
    reseller,
    seesAuthorizations: reseller,
    stranger,
    drafts,
    deeds: deedsOf(ground, connector, stranger),
    seen: seenOf(ground),
    messages: messagesOf(ground, connector, vendor),
    statements,
    expected,
    writes,
    reads: { service: 'marketplace-agreement', operation: 'SearchAgreements' },
    by_hand: [],
  }
}

const changeSet = [
  { service: 'marketplace-catalog', operation: 'StartChangeSet', address: /^POST \S+\/StartChangeSet/ },
]

/** Everything but usage is a change set. */
const writes: Market['writes'] = {
  'listings.publish': changeSet,
  'offers.create': changeSet,
  'offers.expire': changeSet,
  'syndication.authorize': changeSet,
  'syndication.createOffer': changeSet,
  'syndication.restrict': changeSet,
  'agreements.activate': [],
  'agreements.answer': [],
  'metering.report': [
    { service: 'meteringmarketplace', operation: 'BatchMeterUsage', address: /BatchMeterUsage$/ },
  ],
}
