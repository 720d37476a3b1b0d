import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { MARKUP, WHOLESALE_TERMS } from '../../src/demo/clouds/aws/scenario.ts'
import {
  activeAuthorization,
  at,
  keyed,
  MINUTE,
  publish,
  readAuthorization,
  resoldOffer,
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

const open = () => activeAuthorization(service, seats.vendor, product_id)
const readOpened = async (id: string) =>
  unwrap(await seats.reseller.client.GET('/v1/opened-authorizations/{id}', { params: at(id) }))
const list = async (query: Record<string, unknown>) =>
  unwrap(await seats.reseller.client.GET('/v1/opened-authorizations', { params: { query } }))
const ids = async (query: Record<string, unknown>) => (await list(query)).items.map(({ id }) => id)
const decline = async (id: string, reason: string) =>
  unwrap(
    await seats.reseller.client.POST('/v1/opened-authorizations/{id}/decline', {
      params: { ...at(id), ...keyed() },
      body: { reason },
    }),
  )

test('declined: both sides see why, each on its own timeline, and no cloud is told', async () => {
  const { vendor, reseller } = seats
  const { id } = await open()
  const sent = await operations()
  expect(await decline(id, 'Not our market')).toMatchObject({ id, standing: 'declined', state: 'declined' })
  await service.move(MINUTE)
  expect(await operations()).toBe(sent)
  const mine = await readOpened(id)
  expect(mine).toMatchObject({
    standing: 'declined',
    vendor_name: 'My company',
    own_connection_id: reseller.connection_id,
    by_hand: false,
    timeline: [{ kind: 'declined', sentence: 'Declined. Told the vendor: Not our market' }],
  })
  const theirs = await readAuthorization(vendor.client, id)
  expect(theirs.state).toBe('declined')
  expect(theirs.timeline.map(({ kind }) => kind)).toEqual(['asked', 'active', 'declined'])
  expect(theirs.timeline.at(-1)?.sentence).toMatch(/^The reseller declined\. .* It says: Not our market$/)
  // At the cloud it stands until the vendor takes it back.
  const params = { ...at(id), ...keyed() }
  unwrap(await vendor.client.POST('/v1/resale-authorizations/{id}/restrict', { params }))
  for (let minute = 0; minute < 3; minute += 1) await service.move(MINUTE)
  expect((await readAuthorization(vendor.client, id)).state).toBe('restricted')
  expect((await readOpened(id)).standing).toBe('taken_back')
})

/** Every change asked of a cloud, by either side. */
async function operations(): Promise<number> {
  const counts = [seats.vendor, seats.reseller].map(async ({ client }) => {
    const { items } = unwrap(await client.GET('/v1/operations', { params: { query: { limit: 200 } } }))
    return items.length
  })
  return (await Promise.all(counts)).reduce((left, right) => left + right, 0)
}

test('a list shows what is open, and by standing what is not any more', async () => {
  const [first, second, third, fourth] = [await open(), await open(), await open(), await open()]
  await decline(second.id, 'Too dear')
  const offer = await resoldOffer(service, seats.reseller, third.id)
  expect((await list({ standing: 'used' })).items).toMatchObject([{ id: third.id, offer_id: offer.id }])
  expect(await ids({})).toEqual([first.id, fourth.id])
  expect(await ids({ sort: '-created_at', limit: 1 })).toEqual([fourth.id])
  const page = await list({ sort: '-created_at', limit: 1 })
  expect(await ids({ sort: '-created_at', limit: 1, cursor: page.next })).toEqual([first.id])
  expect(await ids({ standing: 'declined' })).toEqual([second.id])
  expect(await ids({ standing: 'all', q: second.id.toUpperCase() })).toEqual([second.id])
  expect(await ids({ standing: 'all', cloud: 'gcp' })).toEqual([])
  expect(await ids({ q: 'no%such_thing' })).toEqual([])
  const everything = await ids({ standing: 'all' })
  const walked: string[] = []
  let next: string | null | undefined
  do {
    const query = { standing: 'all', sort: 'name', limit: 2, ...(next ? { cursor: next } : {}) }
    const read = await list(query)
    walked.push(...read.items.map(({ id }) => id))
    next = read.next
  } while (next)
  expect([...walked].sort()).toEqual([...everything].sort())
  expect((await readOpened(third.id)).timeline).toMatchObject([
    { kind: 'accepted', sentence: `Accepted with a markup of 12.5 per cent as ${offer.id}.` },
  ])
})

test('what it is worth: price, fee, wholesale and what is left, for a markup or for several', async () => {
  const { id } = await open()
  const ask = async (markup_percent?: string | string[]) =>
    unwrap(
      await seats.reseller.client.GET('/v1/opened-authorizations/{id}/economics', {
        params: { ...at(id), ...(markup_percent === undefined ? {} : { query: { markup_percent } }) },
      }),
    )
  const worth = await ask(MARKUP.chosen)
  const usd = (amount: string) => ({ currency: 'USD', amount })
  expect(worth).toMatchObject({ authorization_id: id, cloud: 'aws', currency: 'USD', on: '2026-01-05' })
  expect(worth.items).toMatchObject([
    {
      markup_percent: '12.5',
      in_band: true,
      buyer_pays: usd('54000.01'),
      owed_to_vendor: usd('48000.01'),
      margin: usd('6000.00'),
      fee: usd('210.00'),
      left: usd('5790.00'),
      fee_rate: '0.035',
      instalments: [
        {
          due_on: '2026-01-25',
          buyer_pays: '27000.01',
          owed_to_vendor: '24000.01',
          margin: '3000.00',
          fee: '105.00',
          left: '2895.00',
          arithmetic: [
            '24000.01 × 1.125 = 27000.01125, rounded half up to 27000.01',
            '27000.01 − 24000.01 = 3000.00',
            '3000.00 × 0.035 = 105, rounded half up to 105.00',
            '3000.00 − 105.00 = 2895.00',
          ],
        },
        { due_on: '2026-03-25', buyer_pays: '27000.00', left: '2895.00' },
      ],
      usage: [{ dimension: 'scans', buyer_pays: '0.84375', margin: '0.09375', fee: '0.00328125' }],
      sources: [
        expect.stringContaining('8 decimals'),
        expect.stringContaining('3 % plus 0.5 %'),
        expect.stringContaining('AWS Marketplace seller guide'),
        expect.stringContaining('charges you what you owe the vendor'),
      ],
    },
  ])
  expect((await ask()).items.map((item) => item.markup_percent)).toEqual([MARKUP.min, MARKUP.max])
  const several = await ask(['0', '21', '12.50'])
  expect(several.items.map((item) => [item.markup_percent, item.in_band])).toEqual([
    ['0', false],
    ['21', false],
    ['12.5', true],
  ])
  expect(several.items[0]).toMatchObject({ buyer_pays: usd('48000.01'), fee: usd('0.00'), left: usd('0.00') })
  // The offer that is then made has this very price.
  const offer = await resoldOffer(service, seats.reseller, id)
  const total = 'total' in offer.terms ? offer.terms.total : undefined
  expect([total, offer.wholesale]).toEqual([worth.items[0]?.buyer_pays.amount, WHOLESALE_TERMS])
})
