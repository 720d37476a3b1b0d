import { createLocalJWKSet, importX509, jwtVerify } from 'jose'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Receiver, startReceiver } from '../receiver.ts'
import { accept, approve, customer, type Market, openMarket, provider, publishOffer } from './support.ts'

let market: Market
let receiver: Receiver
beforeEach(async () => {
  market = await openMarket()
  receiver = await startReceiver()
})
afterEach(async () => {
  await market.server.stop()
  await receiver.stop()
})

type Push = { message: { data: string; messageId: string }; subscription: string }
type Body = { eventId: string; eventType: string; providerId: string; entitlement?: Record<string, string> }

const pushes = () => receiver.received.map(({ body }) => JSON.parse(body) as Push)
const bodies = () =>
  pushes().map(({ message }) => JSON.parse(Buffer.from(message.data, 'base64').toString()) as Body)
const subscribe = () =>
  market.control('/gcp/event-destinations', {
    account_id: provider,
    url: `${receiver.url}/events`,
    audience: 'https://vendor.example/hook',
  })

test('a subscription pushes signed messages about accounts and entitlements', async () => {
  const url = `${market.server.urls.gcp.pubsub}/v1/projects/vendor-project/subscriptions/hook`
  const headers = await market.auth.getRequestHeaders()
  const oidcToken = { serviceAccountEmail: 'push@vendor.example', audience: 'aud' }
  const pushConfig = { pushEndpoint: `${receiver.url}/events`, oidcToken }
  const topic = `projects/cloudcommerceproc-prod/topics/${provider}`
  const made = await fetch(url, { method: 'PUT', headers, body: JSON.stringify({ topic, pushConfig }) })
  expect(made.status).toBe(200)
  const again = await fetch(url, { method: 'PUT', headers, body: JSON.stringify({ topic, pushConfig }) })
  expect(again.status).toBe(409)
  const accepted = await accept(market, await publishOffer(market))
  await approve(market, accepted)
  await market.by('PT1M')
  const events = bodies()
  const wanted = ['ENTITLEMENT_CREATION_REQUESTED', 'ACCOUNT_ACTIVE', 'ENTITLEMENT_ACTIVE']
  expect(events.map(({ eventType }) => eventType).sort()).toEqual(wanted.sort())
  const created = events.find(({ eventType }) => eventType === 'ENTITLEMENT_CREATION_REQUESTED')
  expect(created).toMatchObject({
    eventId: expect.stringMatching(/^CREATE_ENTITLEMENT-/),
    providerId: provider,
    entitlement: { id: accepted.entitlement_id, newPlan: 'enterprise', orderId: accepted.entitlement_id },
  })
  const token = String(receiver.received[0]?.headers.authorization).replace('Bearer ', '')
  const keys = await (await fetch(`${market.server.urls.gcp.keys}/oauth2/v3/certs`)).json()
  const { payload } = await jwtVerify(token, createLocalJWKSet(keys as never), {
    issuer: 'https://accounts.google.com',
    audience: 'aud',
  })
  expect(payload).toMatchObject({ email: 'push@vendor.example', email_verified: true })
  expect(Number(payload.exp) - Number(payload.iat)).toBe(3_600)
})

test('an unanswered message comes again under the same id, and can be sent once more', async () => {
  await subscribe()
  receiver.status = 500
  const { entitlement_id } = await accept(market, await publishOffer(market))
  await market.by('PT15S')
  receiver.status = 200
  await market.by('PT1M')
  const [event] = await market.control<{ id: string; state: string; attempts: unknown[] }[]>('/gcp/events')
  expect([event?.state, event?.attempts.length]).toEqual(['delivered', 3])
  await market.control(`/gcp/events/${event?.id}/deliver`, {})
  expect(new Set(pushes().map(({ message }) => message.messageId)).size).toBe(1)
  expect(pushes().length).toBe(4)
  expect(bodies()[0]?.entitlement?.id).toBe(entitlement_id)
})

test('messages come twice and out of order when the plan says so', async () => {
  await subscribe()
  const faults = [{ fault: 'reorder_events' }, { fault: 'duplicate_event', after: 1 }]
  for (const fault of faults) await market.control('/faults', { cloud: 'gcp', service: 'pubsub', ...fault })
  await approve(market, await accept(market, await publishOffer(market)))
  await market.by('PT10M')
  const types = bodies().map(({ eventType }) => eventType)
  expect(types.at(-1)).toBe('ENTITLEMENT_CREATION_REQUESTED')
  expect(types.length).toBe(4)
})

test('a sign-up token is proved by the certificate of its issuer, and is posted to the vendor', async () => {
  const service = 'ledger.endpoints.vendor-project.cloud.goog'
  await market.control(`/gcp/listings/${service}`, { signup_url: `${receiver.url}/aws` }, 'PATCH')
  const { entitlement_id, account } = await accept(market, await publishOffer(market))
  const answered = await market.control<Record<string, string> & { answer: object }>(
    `/gcp/buyers/${customer}/register`,
    { entitlement_id, post: true },
  )
  expect(answered.answer).toMatchObject({ status: 200, location: '/welcome' })
  const token = new URLSearchParams(receiver.received[0]?.body).get('x-gcp-marketplace-token') ?? ''
  expect(token).toBe(answered['x-gcp-marketplace-token'])
  const path = '/robot/v1/metadata/x509/cloud-commerce-partner@system.gserviceaccount.com'
  const map = (await (await fetch(`${market.server.urls.gcp.keys}${path}`)).json()) as Record<string, string>
  const { payload } = await jwtVerify(token, ({ kid }) => importX509(map[kid ?? ''] ?? '', 'RS256'), {
    issuer: `https://www.googleapis.com${path}`,
    audience: 'vendor.example.com',
    subject: account,
  })
  expect(Number(payload.exp) - Number(payload.iat)).toBe(300)
  expect(payload.google).toMatchObject({ orders: [entitlement_id] })
})
