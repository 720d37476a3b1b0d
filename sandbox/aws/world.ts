import type { Ground } from '../ground.ts'
import type { Collection } from '../journal.ts'
import { alphanumeric, lowercase } from '../random.ts'
import type { Destination, MarketEvent } from './events/events-model.ts'
import type { Account, Agreement, ChangeSet, Entity, UsageRecord } from './model.ts'
import type { BillingRow, FeedRow, Invoice, Payout } from './money/finance-model.ts'

export type World = Ground & {
  accounts: Collection<Account>
  entities: Collection<Entity>
  change_sets: Collection<ChangeSet>
  change_set_tokens: Collection<string>
  /** Entity id to the change set that holds it. */
  locks: Collection<string>
  /** By the ARN of an entity or a change set. */
  tags: Collection<Record<string, string>>
  policies: Collection<string>
  /** Limits of an account that AWS does not publish, by name. */
  limits: Collection<number>
  agreements: Collection<Agreement>
  licenses: Collection<string>
  tokens: Collection<{ agreement_id: string; expires_at: number }>
  usage: Collection<UsageRecord>
  events: Collection<MarketEvent>
  destinations: Collection<Destination>
  invoices: Collection<Invoice>
  billing: Collection<BillingRow>
  payouts: Collection<Payout>
  feed_rows: Collection<FeedRow>
  feed_dirt: Collection<true>
  objects: Collection<{ body: string; modified_at: number }>
  keys: Collection<{ certificate: string; private_key: string }>
  id(prefix: string, length?: number): string
}

export function createWorld(ground: Ground): World {
  const { store, random } = ground
  return {
    ...ground,
    accounts: store.collection('aws.accounts'),
    entities: store.collection('aws.entities'),
    change_sets: store.collection('aws.change_sets'),
    change_set_tokens: store.collection('aws.change_set_tokens'),
    locks: store.collection('aws.locks'),
    tags: store.collection('aws.tags'),
    policies: store.collection('aws.policies'),
    limits: store.collection('aws.limits'),
    agreements: store.collection('aws.agreements'),
    licenses: store.collection('aws.licenses'),
    tokens: store.collection('aws.tokens'),
    usage: store.collection('aws.usage'),
    events: store.collection('aws.events'),
    destinations: store.collection('aws.destinations'),
    invoices: store.collection('aws.invoices'),
    billing: store.collection('aws.billing'),
    payouts: store.collection('aws.payouts'),
    feed_rows: store.collection('aws.feed_rows'),
    feed_dirt: store.collection('aws.feed_dirt'),
    objects: store.collection('aws.objects'),
    keys: store.collection('aws.keys'),
    id: (prefix, length = 13) => `${prefix}-${random.text(length, lowercase)}`,
  }
}

export function requestId(world: World): string {
  return world.random.uuid()
}

/** An opaque token of letters and digits. */
export function opaque(world: World, length: number): string {
  return world.random.text(length, alphanumeric)
}

/** Every agreement gets the licence under which its usage and its entitlements are known. */
export function licenseArn(world: World): string {
  return `arn:aws:license-manager::294406891311:license:l-${world.random.text(32, '0123456789abcdef')}`
}

export function entityArn(account: string, kind: string, id: string): string {
  return `arn:aws:aws-marketplace:us-east-1:${account}:AWSMarketplace/${kind}/${id}`
}

export function product(world: World, id: string) {
  const found = world.entities.get(id)
  return found?.kind === 'SaaSProduct' ? found : undefined
}

export function offer(world: World, id: string) {
  const found = world.entities.get(id)
  return found?.kind === 'Offer' ? found : undefined
}

export function authorization(world: World, id: string | undefined) {
  const found = id === undefined ? undefined : world.entities.get(id)
  return found?.kind === 'ResaleAuthorization' ? found : undefined
}
