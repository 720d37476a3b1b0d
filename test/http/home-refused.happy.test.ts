// What a cloud refused to change is told on Home until it is asked for again.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Schemas, unwrap } from '../../src/client/index.ts'
import { GLOBEX } from '../../src/demo/clouds/aws/scenario.ts'
import {
  activeAuthorization,
  agreementOf,
  keyed,
  liveOffer,
  MINUTE,
  publish,
  readOffer,
  type Seats,
  takeSeats,
} from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
let product_id: string
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  product_id = await publish(service, seats.vendor)
})
afterAll(() => service.stop())

const at = (id: string) => ({ params: { path: { id }, ...keyed() } })

async function told(kind: Schemas['Home']['items'][number]['kind']) {
  const { items, groups } = unwrap(await seats.vendor.client.GET('/v1/home'))
  const found = items.filter((item) => item.kind === kind)
  expect(groups.find((group) => group.kind === kind)?.count ?? 0).toBe(found.length)
  return found.map(({ subject_id, sentence, deadline_at }) => ({ subject_id, sentence, deadline_at }))
}

/** The next change of the catalog is refused. */
async function refuseNext(): Promise<void> {
  const at_what = { service: 'marketplace-catalog', operation: 'StartChangeSet' }
  await service.control('POST', '/faults', { fault: 'named_error', code: 'ValidationException', ...at_what })
}

async function minutesPass(): Promise<void> {
  for (let minute = 0; minute < 3; minute += 1) await service.move(MINUTE)
}

test("a refused move of an offer's last day stands at the offer and on Home, until it is asked for again", async () => {
  const { client } = seats.vendor
  const { id, name, expires_on } = await liveOffer(service, seats.vendor, product_id)
  const withdraw = async () =>
    unwrap(await client.POST('/v1/offers/{id}/expiry', { ...at(id), body: { expires_on: null } }))
  await refuseNext()
  await withdraw()
  await minutesPass()
  const refused = await readOffer(client, id)
  expect(refused).toMatchObject({ state: 'live', expires_on })
  expect(refused.problems.map(({ code }) => code)).toEqual(['ValidationException'])
  expect(await told('failed_offer')).toEqual([
    { subject_id: id, sentence: expect.stringContaining(`"${name}" was not changed: `), deadline_at: null },
  ])
  expect((await withdraw()).problems).toEqual([])
  expect(await told('failed_offer')).toEqual([])
  await minutesPass()
  expect(await readOffer(client, id)).toMatchObject({ state: 'withdrawn', problems: [] })
})

test('an authorization that the cloud did not take back is told, until it is', async () => {
  const { client } = seats.vendor
  const { id, name } = await activeAuthorization(service, seats.vendor, product_id)
  const restrict = async () => {
    unwrap(await client.POST('/v1/resale-authorizations/{id}/restrict', at(id)))
    await minutesPass()
    return unwrap(await client.GET('/v1/resale-authorizations/{id}', { params: { path: { id } } }))
  }
  await refuseNext()
  const refused = await restrict()
  expect(refused.state).toBe('active')
  expect(refused.problems.map(({ code }) => code)).toEqual(['ValidationException'])
  const [need, ...rest] = await told('failed_authorization')
  expect(need).toMatchObject({ subject_id: id })
  expect(need?.sentence).toContain(`"${name}" was not taken back from reseller `)
  expect(rest).toEqual([])
  expect(await restrict()).toMatchObject({ state: 'restricted', problems: [] })
  expect(await told('failed_authorization')).toEqual([])
})

test('a request that the cloud refused is told once, and no longer while it is asked for again', async () => {
  const { client } = seats.vendor
  const { cloud_offer_id, name } = await liveOffer(service, seats.vendor, product_id)
  const path = `/aws/buyers/${GLOBEX.account_id}/accept`
  const accepted = await service.control('POST', path, { offer_id: cloud_offer_id })
  await service.move(2 * MINUTE)
  const id = (await agreementOf(client, (accepted as { agreement_id: string }).agreement_id))?.id ?? ''
  // Its terms know no variable payments.
  const pay = async () =>
    unwrap(
      await client.POST('/v1/agreements/{id}/payments', {
        ...at(id),
        body: { name: 'Workshop', amount: { currency: 'USD', amount: '120.50' } },
      }),
    )
  await pay()
  await minutesPass()
  const sentence = expect.stringContaining(
    `About "${name}": The cloud refused to charge 120.50 USD for "Workshop": `,
  )
  expect(await told('refused_request')).toEqual([{ subject_id: id, sentence, deadline_at: null }])
  await pay()
  expect(await told('refused_request')).toEqual([])
  await minutesPass()
  expect(await told('refused_request')).toEqual([{ subject_id: id, sentence, deadline_at: null }])
  await service.control('POST', `/aws/buyers/${GLOBEX.account_id}/cancel`, {
    agreement_id: (accepted as { agreement_id: string }).agreement_id,
  })
  await minutesPass()
  expect(await told('refused_request')).toEqual([])
})

test('an offer set that is not released is told with its last day, and why; one whose day is over is not', async () => {
  const { organisation_id, connection_id } = seats.vendor
  const now = service.now()
  const common = { organisation_id, connection_id, buyer_notes: 'Both.', created_at: now, updated_at: now }
  const open = { ...common, state: 'incomplete', expires_on: '2026-12-31' }
  const refusal = [{ code: 'X', message: 'NOT_FOUND', plain: 'One of its offers is gone.' }]
  await service.services.context.store.inTenant(organisation_id, ({ tx }) =>
    tx.offer_set.createMany({
      data: [
        { ...open, id: 'oset_missing', name: 'Missing one', problems: [] },
        { ...open, id: 'oset_refused', name: 'Refused', expires_on: '2026-12-30', problems: refusal },
        { ...open, id: 'oset_over', name: 'Over', expires_on: '2025-12-31', problems: [] },
        { ...open, id: 'oset_whole', name: 'Whole', state: 'released', problems: [] },
      ],
    }),
  )
  expect(await told('incomplete_offer_set')).toEqual([
    {
      subject_id: 'oset_refused',
      sentence: 'The offer set "Refused" was not released: One of its offers is gone.',
      deadline_at: '2026-12-31T00:00:00.000Z',
    },
    {
      subject_id: 'oset_missing',
      sentence: expect.stringContaining('"Missing one" is not released: an offer is missing in it.'),
      deadline_at: '2027-01-01T00:00:00.000Z',
    },
  ])
})
