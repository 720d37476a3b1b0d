import type { Ground } from '../ground.ts'
import type { Collection } from '../journal.ts'
import type { Charge, Payout, PlannedCharge, Report, UsageRecord } from './finance-model.ts'
import type {
  Account,
  Customer,
  Entitlement,
  Listing,
  MarketEvent,
  PrivateOffer,
  ProcurementAccount,
  Provider,
  Reseller,
  ResellerPlan,
  Subscription,
} from './model.ts'

/** How metering behaves where Google's documents leave it open. */
export type MeteringSettings = {
  /** Whether an identical operation sent again is counted once. */
  dedupe: boolean
  /** How long after its end usage is taken; null takes it later too and bills it in a later month. */
  window_minutes: number | null
}

export type World = Ground & {
  accounts: Collection<Account>
  listings: Collection<Listing>
  offers: Collection<PrivateOffer>
  plans: Collection<ResellerPlan>
  procurement: Collection<ProcurementAccount>
  entitlements: Collection<Entitlement>
  /** usageReportingId to entitlement. */
  consumers: Collection<string>
  usage: Collection<UsageRecord>
  /** What an accepted operation said, to tell an identical one from another. */
  operations: Collection<string>
  /** Charges that will come by themselves. */
  planned: Collection<PlannedCharge>
  charges: Collection<Charge>
  reports: Collection<Report>
  payouts: Collection<Payout>
  events: Collection<MarketEvent>
  subscriptions: Collection<Subscription>
  tokens: Collection<{ account_id: string; expires_at: number }>
  keys: Collection<{ certificate: string; private_key: string }>
  settings: Collection<MeteringSettings>
}

export function createWorld(ground: Ground): World {
  const { store } = ground
  return {
    ...ground,
    accounts: store.collection('gcp.accounts'),
    listings: store.collection('gcp.listings'),
    offers: store.collection('gcp.offers'),
    plans: store.collection('gcp.plans'),
    procurement: store.collection('gcp.procurement'),
    entitlements: store.collection('gcp.entitlements'),
    consumers: store.collection('gcp.consumers'),
    usage: store.collection('gcp.usage'),
    operations: store.collection('gcp.operations'),
    planned: store.collection('gcp.planned'),
    charges: store.collection('gcp.charges'),
    reports: store.collection('gcp.reports'),
    payouts: store.collection('gcp.payouts'),
    events: store.collection('gcp.events'),
    subscriptions: store.collection('gcp.subscriptions'),
    tokens: store.collection('gcp.tokens'),
    keys: store.collection('gcp.keys'),
    settings: store.collection('gcp.settings'),
  }
}

export function meteringSettings(world: World): MeteringSettings {
  return world.settings.get('metering') ?? { dedupe: true, window_minutes: 60 }
}

export function providerOf(world: World, id: string): Provider | undefined {
  const found = world.accounts.get(id)
  return found?.role === 'provider' ? found : undefined
}

export function resellerOf(world: World, id: string | undefined): Reseller | undefined {
  const found = id === undefined ? undefined : world.accounts.get(id)
  return found?.role === 'reseller' ? found : undefined
}

export function customerOf(world: World, billingAccount: string): Customer | undefined {
  const found = world.accounts.get(billingAccount)
  return found?.role === 'customer' ? found : undefined
}

export const digits = '0123456789'
