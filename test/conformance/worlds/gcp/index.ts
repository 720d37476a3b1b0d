// Google Cloud Marketplace for the suite.
import type { Connection } from '../../../../connectors/connector.ts'
import { gcpConnector } from '../../../../connectors/gcp/index.ts'
import { seededRandom } from '../../../../src/core/random.ts'
import type { Ground } from '../../ground.ts'
import type { Market, World, Write } from '../../world.ts'
import { openBuyers, openProvider, RESELLER, STRANGER, VENDOR } from './accounts.ts'
import { deedsOf } from './deeds.ts'
import { drafts } from './drafts.ts'
import { expected } from './expected.ts'
import { messagesOf } from './messages.ts'
import { ownScenarios } from './own.ts'
import { seenOf } from './seen.ts'
import { statements } from './statements.ts'
import { trace } from './trace.ts'

export const gcp: World = {
  cloud: 'gcp',
  trace,
  own: ownScenarios,
  lacks: {
    batch_limit: 'Google names no largest number of operations',
    month_cutoff: 'Usage that comes after the cut-off is taken and billed in the next month',
    reseller_agreements: 'A reseller works in Partner Sales Console, which has no interface',
    reseller_seat: 'A reseller works in Partner Sales Console, which has no interface',
    reseller_statement: 'A reseller works in Partner Sales Console, which has no interface',
    restriction_seen: 'A plan that was cancelled cannot be seen',
    suspension: 'Google tells no suspension of an order',
    tax: 'Reports of Google show no tax',
    told_agreements: 'The vendor reads what its reseller sold',
  },
  open,
}

/** A reseller has no interface, so there is nothing to connect with. */
const reseller: Connection = { id: 'conn_reseller', account_id: RESELLER, credentials: {}, settings: {} }

async function open(ground: Ground): Promise<Omit<Market, 'another'>> {
  const vendor = await openProvider(ground, VENDOR)
  await openBuyers(ground)
  const { procurement, producer, serviceControl, token, keys, storage } = ground.server.urls.gcp
  const connector = gcpConnector({
    config: { endpoints: { procurement, producer, serviceControl, token, keys, storage } },
    fetch: ground.network.fetch,
    clocks: ground.clocks,
    random: seededRandom(1),
    observe: (call) => ground.calls.push(call),
  })
  const stranger = () => openProvider(ground, STRANGER)
  return {
    ...ground,
    cloud: 'gcp',
    connector,
    vendor,
    reseller: async () => reseller,
    seesAuthorizations: async () => vendor,
    stranger,
    drafts,
    deeds: deedsOf(ground, connector, vendor, stranger),
    seen: seenOf(ground),
    messages: messagesOf(ground),
    statements,
    expected,
    writes,
    reads: { service: 'cloudcommerceprocurement', operation: 'entitlements.list' },
    by_hand: [],
  }
}

const producer = (operation: string, address: RegExp, after = 0): Write => ({
  service: 'commerceproducer',
  operation,
  address,
  after,
})
const procurement = (operation: string, address: RegExp): Write => ({
  service: 'cloudcommerceprocurement',
  operation,
  address,
})
const publish = /^POST \S+\/privateOffers\/[^/:?]+:publish/

const writes: Market['writes'] = {
  'listings.publish': [],
  'offers.create': [
    producer('CreatePrivateOffer', /^POST \S+\/privateOffers(\?| |$)/),
    producer('CreatePrivateOfferDocument', /^POST \S+\/documents(\?| |$)/),
    // Once to validate, once in earnest.
    producer('PublishPrivateOffer', publish),
    producer('PublishPrivateOffer', publish, 1),
  ],
  'offers.expire': [producer('UpdatePrivateOffer', /^PATCH \S+\/privateOffers\//)],
  'syndication.authorize': [],
  'syndication.createOffer': [],
  'syndication.restrict': [],
  'agreements.activate': [
    procurement('accounts.approve', /^POST \S+\/accounts\/[^/:]+:approve/),
    procurement('entitlements.approve', /^POST \S+\/entitlements\/[^/:]+:approve/),
  ],
  'agreements.answer': [
    procurement('entitlements.approvePlanChange', /^POST \S+\/entitlements\/[^/:]+:approvePlanChange/),
  ],
  'metering.report': [
    { service: 'servicecontrol', operation: 'services.report', address: /^POST \S+:report/ },
  ],
}
