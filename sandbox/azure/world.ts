import type { Ground } from '../ground.ts'
import type { Collection } from '../journal.ts'
import type { Earning, ExportRequest, Invoice, Payment } from './finance-model.ts'
import type {
  Account,
  Job,
  JsonObject,
  Operation,
  PrivateOffer,
  Resource,
  Submission,
  Subscription,
  UsageEvent,
  WebhookEvent,
} from './model.ts'

export type World = Ground & {
  accounts: Collection<Account>
  keys: Collection<{ kid: string; private_key: string }>
  resources: Collection<Resource>
  jobs: Collection<Job>
  submissions: Collection<Submission>
  /** Products whose next certification fails, with the reason. */
  certification_failures: Collection<string>
  private_offers: Collection<PrivateOffer>
  subscriptions: Collection<Subscription>
  landing_tokens: Collection<{ subscription_id: string; expires_at: number }>
  operations: Collection<Operation>
  webhooks: Collection<WebhookEvent>
  usage: Collection<UsageEvent>
  invoices: Collection<Invoice>
  earnings: Collection<Earning>
  payments: Collection<Payment>
  exports: Collection<ExportRequest>
}

export function createWorld(ground: Ground): World {
  const { store } = ground
  return {
    ...ground,
    accounts: store.collection('azure.accounts'),
    keys: store.collection('azure.keys'),
    resources: store.collection('azure.resources'),
    jobs: store.collection('azure.jobs'),
    submissions: store.collection('azure.submissions'),
    certification_failures: store.collection('azure.certification_failures'),
    private_offers: store.collection('azure.private_offers'),
    subscriptions: store.collection('azure.subscriptions'),
    landing_tokens: store.collection('azure.landing_tokens'),
    operations: store.collection('azure.operations'),
    webhooks: store.collection('azure.webhooks'),
    usage: store.collection('azure.usage'),
    invoices: store.collection('azure.invoices'),
    earnings: store.collection('azure.earnings'),
    payments: store.collection('azure.payments'),
    exports: store.collection('azure.exports'),
  }
}

/** Instants as these services write them: seven places of a second. */
export function longIso(at: number): string {
  return new Date(at).toISOString().replace('Z', '0000Z')
}

export function resourceDocument(
  world: World,
  id: string,
  target: 'draft' | 'preview' | 'live',
): JsonObject | undefined {
  return world.resources.get(id)?.[target]
}

/** The guid in a durable id such as `product/{guid}` or `plan/{product}/{plan}`. */
export function guidOf(durableId: string, part = 1): string {
  return durableId.split('/')[part] ?? ''
}

/** Product and plan are known to the fulfilment and metering APIs by their external ids. */
export function externalId(document: JsonObject | undefined): string {
  const identity = document?.identity
  if (typeof identity !== 'object' || identity === null || Array.isArray(identity)) return ''
  return typeof identity.externalId === 'string' ? identity.externalId : ''
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function object(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}

export function list(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.map(object) : []
}

/** JSON's numbers are written by their shortest text, which is exact for what a person typed. */
export function decimalText(value: unknown): string {
  if (typeof value === 'string' && /^-?\d+(\.\d{1,12})?$/.test(value)) return value
  if (typeof value !== 'number' || !Number.isFinite(value)) return '0'
  const shortest = String(value)
  if (!shortest.includes('e')) return /\.\d{13,}$/.test(shortest) ? value.toFixed(12) : shortest
  return value.toFixed(12).replace(/\.?0+$/, '')
}
