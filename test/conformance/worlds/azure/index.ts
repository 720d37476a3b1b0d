// Microsoft's commercial marketplace for the suite.
import { azureConnector } from '../../../../connectors/azure/index.ts'
import { seededRandom } from '../../../../src/core/random.ts'
import type { Ground } from '../../ground.ts'
import type { Market, World, Write } from '../../world.ts'
import { CUSTOMER, openAccount, PARTNER, STRANGER, VENDOR } from './accounts.ts'
import { deedsOf } from './deeds.ts'
import { drafts } from './drafts.ts'
import { expected } from './expected.ts'
import { messagesOf } from './messages.ts'
import { seenOf } from './seen.ts'
import { statements } from './statements.ts'
import { trace } from './trace.ts'

export const azure: World = {
  cloud: 'azure',
  trace,
  lacks: {
    account_check: 'No answer of Azure names the seller account of an application',
    month_cutoff: 'Microsoft names no cut-off of a month',
    restriction_seen: 'An offer that its publisher withdraws is no longer shown to the partner',
    reseller_agreements: 'The fulfilment API shows a subscription to its publisher only',
    told_agreements: 'The publisher reads what its partner sold',
  },
  open,
}

async function open(ground: Ground): Promise<Omit<Market, 'another'>> {
  const vendor = await openAccount(ground, VENDOR, 'publisher')
  await openAccount(ground, CUSTOMER, 'customer')
  const connector = azureConnector({
    config: { endpoints: ground.server.urls.azure },
    fetch: ground.network.fetch,
    clocks: ground.clocks,
    random: seededRandom(1),
    observe: (call) => ground.calls.push(call),
  })
  const stranger = () => openAccount(ground, STRANGER, 'publisher')
  const reseller = () => openAccount(ground, PARTNER, 'partner')
  const deeds = deedsOf(ground, connector, vendor, stranger)
  return {
    ...ground,
    cloud: 'azure',
    connector,
    vendor,
    reseller,
    seesAuthorizations: reseller,
    stranger,
    drafts,
    deeds,
    seen: seenOf(ground),
    messages: messagesOf(ground, deeds),
    statements,
    expected,
    writes,
    reads: { service: 'saas-fulfillment', operation: 'ListSubscriptions' },
    by_hand: [],
  }
}

const configure: Write = {
  service: 'product-ingestion',
  operation: 'Configure',
  address: /^POST \S+\/configure\?/,
}
/** So many jobs, one after the other. */
const jobs = (count: number): Write[] =>
  Array.from({ length: count }, (_, after) => ({ ...configure, after }))

const writes: Market['writes'] = {
  'listings.publish': jobs(3),
  'offers.create': jobs(2),
  'offers.expire': jobs(2),
  'syndication.authorize': jobs(2),
  'syndication.createOffer': jobs(1),
  'syndication.restrict': jobs(1),
  'agreements.activate': [
    { service: 'saas-fulfillment', operation: 'Activate', address: /^POST \S+\/activate\?/ },
  ],
  'agreements.answer': [
    { service: 'saas-fulfillment', operation: 'UpdateOperation', address: /^PATCH \S+\/operations\// },
  ],
  'metering.report': [
    { service: 'metering', operation: 'PostBatchUsageEvent', address: /^POST \S+\/batchUsageEvent\?/ },
  ],
}
