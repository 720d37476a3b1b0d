// Forged messages of every kind, through the door and on a database: each is refused, and nothing is another
// afterwards. The genuine one, sent many times at once, is applied once.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { selfSigned } from '../../sandbox/certificate.ts'
import { unwrap } from '../../src/client/index.ts'
import { GLOBEX } from '../../src/demo/clouds/aws/scenario.ts'
import {
  agreementOf,
  buyerAccepts,
  eventIn,
  liveOffer,
  MINUTE,
  publish,
  type Seats,
  takeSeats,
} from '../support/seats.ts'
import { type Letter, type Service, startService } from '../support/service.ts'
import { type Envelope, forgeries } from '../support/sns-forgeries.ts'

const FORGERIES = 45
let service: Service
let seats: Seats
let letter: Letter
let cloud_id: string
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  const offer = await liveOffer(service, seats.vendor, await publish(service, seats.vendor))
  service.post.keepBack = true
  cloud_id = await buyerAccepts(service, GLOBEX, offer)
  await service.sandbox.moveTo(new Date(service.now().getTime() + MINUTE / 2))
  const found = service.post.letters.find(({ body }) => body.includes(cloud_id))
  if (found === undefined) throw new Error('The cloud sent nothing')
  letter = found
  await service.settle()
})
afterAll(() => service.stop())

/** Everything of the tenants that a message could change. */
async function standing() {
  const all = [seats.vendor, seats.reseller].map(({ organisation_id }) =>
    service.services.context.store.inTenant(organisation_id, ({ tx }) =>
      Promise.all([
        tx.agreement.findMany({ where: { organisation_id } }),
        tx.offer.findMany({ where: { organisation_id } }),
        tx.work.findMany({
          where: { organisation_id, kind: { in: ['inbox.process', 'agreements.read'] } },
        }),
        tx.entry.count({ where: { organisation_id } }),
        tx.timeline_event.count({ where: { organisation_id } }),
      ]),
    ),
  )
  return Promise.all(all)
}
const inbox = async () =>
  unwrap(await seats.vendor.client.GET('/v1/inbox', { params: { query: { limit: 200 } } })).items

test('none of them is believed and nothing changes', async () => {
  const before = await standing()
  // What the sandbox wrote: an object whose texts are all that is used.
  const genuine = JSON.parse(letter.body) as Envelope
  const { private_key } = selfSigned('sns.amazonaws.com')
  const answers = new Map<string, Set<number>>()
  for (const { what, body } of forgeries({ genuine: [genuine], private_key }, 3, FORGERIES)) {
    const { status } = await service.hand({ ...letter, body })
    answers.set(what, new Set([...(answers.get(what) ?? []), status]))
  }
  await service.settle()
  const odd = [...answers].filter(([, statuses]) =>
    [...statuses].some((status) => ![401, 413].includes(status)),
  )
  expect(odd).toEqual([])
  expect(answers.size).toBeGreaterThan(12)
  expect(await standing()).toEqual(before)
  const kept = (await inbox()).filter(({ type }) => type === 'unverified')
  expect(new Set(kept.map(({ state }) => state))).toEqual(new Set(['refused']))
})

test("the genuine one at another tenant's address is refused and changes nothing", async () => {
  const before = await standing()
  for (let time = 0; time < 5; time += 1) {
    const answer = await service.hand(letter, `/v1/webhooks/${seats.reseller.connection_id}`)
    expect(answer.status).toBe(401)
  }
  await service.settle()
  expect(await standing()).toEqual(before)
})

test('after all these the genuine one is applied once, however often it comes at once', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => service.hand(letter)))
  const outcomes = answers.map(({ json }) => (json as { outcome?: string }).outcome)
  expect(outcomes.filter((outcome) => outcome === 'remembered')).toHaveLength(1)
  expect(outcomes.filter((outcome) => outcome === 'repeated')).toHaveLength(7)
  await service.settle()
  expect(await agreementOf(seats.vendor.client, cloud_id)).toMatchObject({ state: 'active' })
  expect((await inbox()).filter(({ message_id }) => message_id === eventIn(letter).id)).toHaveLength(1)
})
