// Messages of AWS in any order, before and after the buyer signed up: the agreement they leave is the same. And those of
// the older topics, and news that only a message tells.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { GLOBEX } from '../../src/demo/clouds/aws/scenario.ts'
import {
  agreementOf,
  at,
  buyerAccepts,
  eventIn,
  liveOffer,
  MINUTE,
  publish,
  type Seats,
  signUp,
  takeSeats,
} from '../support/seats.ts'
import { type Letter, type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
let product_id: string
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  product_id = await publish(service, seats.vendor)
})
afterAll(() => service.stop())

async function accepted(): Promise<{ cloud_id: string; letters: Letter[] }> {
  service.post.keepBack = false
  const offer = await liveOffer(service, seats.vendor, product_id)
  service.post.keepBack = true
  const before = service.post.letters.length
  const cloud_id = await buyerAccepts(service, GLOBEX, offer)
  await service.sandbox.moveTo(new Date(service.now().getTime() + 3 * MINUTE))
  const letters = service.post.letters.slice(before).filter(({ body }) => body.includes(cloud_id))
  service.post.keepBack = false
  return { cloud_id, letters }
}

/** What the messages, the registration and the cloud together make of an agreement, without its own names and times. */
async function standing(cloud_id: string) {
  const { organisation_id } = seats.vendor
  const row = await service.services.context.store.inTenant(organisation_id, ({ tx }) =>
    tx.agreement.findFirst({ where: { organisation_id, cloud_agreement_id: cloud_id } }),
  )
  return {
    state: row?.state,
    cloud_state: row?.cloud_state,
    role: row?.role,
    buyer: row?.buyer_account_id,
    linked: row?.offer_id !== null && row?.product_id !== null,
    licensed: /^arn:.*:license:/.test(row?.license ?? ''),
    product_code: row?.product_code,
    cloud_product_id: row?.cloud_product_id,
    signed_up: row?.signed_up_at !== null,
    entitlements: (row?.entitlements as unknown[] | undefined)?.length,
  }
}

type Step = 'Created' | 'License' | 'sign up'
const orders: Step[][] = [
  ['Created', 'License', 'sign up'],
  ['Created', 'sign up', 'License'],
  ['License', 'Created', 'sign up'],
  ['License', 'sign up', 'Created'],
  ['sign up', 'Created', 'License'],
  ['sign up', 'License', 'Created'],
]

test('every order of acceptance, licence and sign-up ends the same', async () => {
  const ends: unknown[] = []
  for (const order of orders) {
    const { cloud_id, letters } = await accepted()
    for (const step of order) {
      if (step === 'sign up') {
        await signUp(service, GLOBEX, cloud_id)
        await service.settle()
        continue
      }
      const found = letters.filter((letter) => eventIn(letter).type.includes(step))
      expect(found.length).toBeGreaterThan(0)
      for (const letter of found) expect(await service.hand(letter)).toMatchObject({ status: 200 })
      await service.settle()
    }
    await service.move(2 * MINUTE)
    ends.push(await standing(cloud_id))
  }
  expect(ends[0]).toMatchObject({
    state: 'active',
    linked: true,
    licensed: true,
    signed_up: true,
    role: 'seller',
  })
  expect(ends).toEqual(orders.map(() => ends[0]))
})

async function timelineOf(cloud_id: string): Promise<string[]> {
  const agreement = await agreementOf(seats.vendor.client, cloud_id)
  const { timeline } = unwrap(
    await seats.vendor.client.GET('/v1/agreements/{id}', { params: at(agreement?.id ?? '') }),
  )
  return timeline.map(({ sentence }) => sentence)
}

test('what only a message tells stands in the history of the agreement, once', async () => {
  const { cloud_id, letters } = await accepted()
  for (const letter of letters) await service.hand(letter)
  await service.settle()
  await service.control('POST', '/aws/advisories', { agreement_id: cloud_id, news: 'Issued' })
  await service.move(3 * MINUTE)
  const found = service.post.letters.filter(({ body }) => body.includes('Advisory Issued'))
  for (const letter of found) await service.hand(letter)
  await service.settle()
  expect((await timelineOf(cloud_id)).filter((sentence) => /advisory/.test(sentence))).toHaveLength(1)
})

test('a message of an older topic has the agreements of its customer read', async () => {
  const { cloud_id, letters } = await accepted()
  const known = await agreementOf(seats.vendor.client, cloud_id)
  expect(known).toBeUndefined()
  const licence = letters.find((letter) => eventIn(letter).type.includes('License'))
  const product_code = /product[^}]*code[\\"]*:[\\"]*([\w-]+)/.exec(licence?.body ?? '')?.[1] ?? ''
  const topic_arn = `arn:aws:sns:us-east-1:287250355862:aws-mp-entitlement-notification-${product_code}`
  const { organisation_id, connection_id } = seats.vendor
  const { context } = service.services
  await context.store.inTenant(organisation_id, async ({ tx }) => {
    const where = { organisation_id_id: { organisation_id, id: connection_id } }
    const { settings } = await tx.connection.findUniqueOrThrow({ where })
    const data = { settings: { ...(settings as object), topic_arn } }
    await tx.connection.update({ where, data })
  })
  const url = `${service.url}/v1/webhooks/${connection_id}`
  const { account_id } = unwrap(
    await seats.vendor.client.GET('/v1/connections/{id}', { params: at(connection_id) }),
  )
  const made = await service.control('POST', '/aws/topics', {
    account_id,
    product_code,
    topic: 'entitlement',
    url,
  })
  expect(made).toMatchObject({ confirmed: true })
  // Whatever the cloud says by its events goes to a topic that is not named any more: only the older one is heard.
  const before = service.post.letters.length
  const offer = await liveOffer(service, seats.vendor, product_id).catch(() => undefined)
  if (offer === undefined) throw new Error('no offer')
  const second = await buyerAccepts(service, GLOBEX, offer)
  await service.move(3 * MINUTE)
  const heard = service.post.letters.slice(before).filter(({ body }) => body.includes('entitlement-updated'))
  expect(heard.length).toBeGreaterThan(0)
  await service.settle()
  expect(await agreementOf(seats.vendor.client, second)).toMatchObject({ state: 'active' })
  expect(await agreementOf(seats.vendor.client, cloud_id)).toMatchObject({ state: 'active' })
})
