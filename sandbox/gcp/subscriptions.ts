import { GcpError, invalidField, notFound } from './errors.ts'
import type { JsonObject, Provider, Subscription } from './model.ts'
import { objectOf, textOf } from './offer-values.ts'
import type { ApiCall } from './procurement.ts'
import type { World } from './world.ts'

// As much of Pub/Sub as a provider needs: a push subscription on its marketplace topic.

export function topicOf(provider: string): string {
  return `projects/cloudcommerceproc-prod/topics/${provider}`
}

const pattern = /^\/v1\/(projects\/([^/]+)\/subscriptions\/([^/:]+))(:modifyPushConfig)?$/

export function pubsubOperation(method: string, path: string): string {
  const found = pattern.exec(path)
  if (!found) return 'unknown'
  if (found[4]) return 'subscriptions.modifyPushConfig'
  const names: Record<string, string> = { PUT: 'create', GET: 'get', DELETE: 'delete' }
  return `subscriptions.${names[method] ?? 'unknown'}`
}

export function pubsubRequest(world: World, provider: Provider, call: ApiCall): JsonObject {
  const [, name = '', project] = pattern.exec(call.path) ?? []
  if (name === '') throw new GcpError('NOT_FOUND', `The requested URL ${call.path} was not found.`)
  if (project !== provider.project) {
    throw new GcpError(
      'PERMISSION_DENIED',
      'User not authorized to perform this action.',
      'IAM_PERMISSION_DENIED',
    )
  }
  const known = world.subscriptions.get(name)
  switch (pubsubOperation(call.method, call.path)) {
    case 'subscriptions.create':
      if (known)
        throw new GcpError('ALREADY_EXISTS', `Subscription already exists (${name}).`, 'ALREADY_EXISTS')
      return shown(subscribe(world, provider, name, call.body))
    case 'subscriptions.get':
      if (!known) throw notFound(name)
      return shown(known)
    case 'subscriptions.delete':
      if (!known) throw notFound(name)
      world.subscriptions.remove(name)
      return {}
    case 'subscriptions.modifyPushConfig':
      if (!known) throw notFound(name)
      world.subscriptions.put(name, { ...known, ...pushConfig(call.body) })
      return {}
    default:
      throw new GcpError('UNIMPLEMENTED', 'The sandbox only pushes.', 'NOT_SUPPORTED')
  }
}

function pushConfig(body: JsonObject): Pick<Subscription, 'url' | 'audience' | 'service_account_email'> {
  const config = objectOf(body.pushConfig)
  const token = objectOf(config.oidcToken)
  const url = textOf(config.pushEndpoint)
  if (!URL.canParse(url)) throw invalidField('push_config.push_endpoint', 'must be a URL')
  const email = textOf(token.serviceAccountEmail)
  if (email === '') throw invalidField('push_config.oidc_token.service_account_email', 'is required')
  return { url, audience: textOf(token.audience) || url, service_account_email: email }
}

function subscribe(world: World, provider: Provider, name: string, body: JsonObject): Subscription {
  const topic = textOf(body.topic)
  if (topic !== topicOf(provider.account_id)) throw notFound(topic)
  for (const other of world.subscriptions.all()) {
    if (other.account_id === provider.account_id) world.subscriptions.remove(other.name)
  }
  const subscription = { name, account_id: provider.account_id, topic, ...pushConfig(body) }
  return world.subscriptions.put(name, subscription)
}

function shown({ name, topic, url, audience, service_account_email }: Subscription): JsonObject {
  const oidcToken = { serviceAccountEmail: service_account_email, audience }
  return {
    name,
    topic,
    pushConfig: { pushEndpoint: url, oidcToken },
    ackDeadlineSeconds: 10,
    state: 'ACTIVE',
  }
}
