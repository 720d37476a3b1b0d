// Each party sees its own side of a resale: the markup belongs to the reseller.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { INITECH, WHOLESALE_TERMS } from '../../src/demo/clouds/aws/scenario.ts'
import { EXPIRES_ON } from '../../src/demo/scenario.ts'
import { readEverything } from '../support/crawl.ts'
import { agreementOf, publish, resell, type Seats, signUp, takeSeats } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
let sold: Awaited<ReturnType<typeof resell>>
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  sold = await resell(service, seats, await publish(service, seats.vendor))
  await signUp(service, INITECH, sold.cloud_agreement_id)
  await use('1000')
  // The first instalment and the month's usage are invoiced, and both have read their reports.
  for (const day of [
    '2026-01-26T00:30:00Z',
    '2026-01-27T00:30:00Z',
    '2026-02-04T00:30:00Z',
    '2026-02-05T00:30:00Z',
  ])
    await service.moveTo(day)
})
afterAll(() => service.stop())

async function use(quantity: string) {
  const agreement = await agreementOf(seats.vendor.client, sold.cloud_agreement_id)
  const event = {
    id: 'scan-1',
    source: 'warehouse',
    time: service.now().toISOString(),
    subject: agreement?.id ?? '',
    type: 'scans',
    data: { quantity },
  }
  unwrap(await seats.vendor.client.POST('/v1/usage', { body: { events: [event] } }))
  for (let hour = 0; hour < 4; hour += 1) await service.move(3_600_000)
}

/** An amount or a percentage as a number of its own, however it is written. */
function says(text: string, number: string): boolean {
  const digits = number.includes('.') ? `${number.replace('.', '\\.')}0*` : `${number}(?:\\.0+)?`
  return new RegExp(`(?<![\\d.])${digits}(?!\\.?\\d)`).test(text)
}

/** What the buyer pays and what of it is the reseller's: sums, instalments, prices, invoiced usage, margin, markup. */
const RESALE = ['54000.01', '27000.01', '27000', '0.84375', '843.75', '6000', '3000', '93.75', '12.5']
const WHOLESALE = ['48000.01', '24000.01', '0.75', '750']

async function readable(organisation: string, connection_id: string) {
  const values = { connection_id, expires_on: EXPIRES_ON, format: 'csv' }
  const all = await readEverything(service, organisation, values)
  expect(all.every(({ answer }) => answer.status === 200)).toBe(true)
  return all
}

test('the reseller reads both prices in its own answers, so the search finds what is there', async () => {
  const { organisation_id, connection_id } = seats.reseller
  const all = (await readable(organisation_id, connection_id)).map(({ answer }) => answer.text).join('\n')
  for (const number of [...RESALE.slice(0, 5), '12.5', ...WHOLESALE])
    expect([number, says(all, number)]).toEqual([number, true])
})

test('the vendor reads its wholesale price, and neither the resale price nor the markup anywhere', async () => {
  const { organisation_id, connection_id } = seats.vendor
  const all = await readable(organisation_id, connection_id)
  const whole = all.map(({ answer }) => answer.text).join('\n')
  for (const number of WHOLESALE) expect([number, says(whole, number)]).toEqual([number, true])
  const leaks = all.flatMap(({ path, answer }) =>
    RESALE.filter((number) => says(answer.text, number)).map((number) => `${number} in ${path}`),
  )
  expect(leaks).toEqual([])
  expect(all.some(({ path }) => path.startsWith('/v1/statements/'))).toBe(true)
})

test("the vendor's agreement is priced at wholesale, the reseller's at resale, over the same license", async () => {
  const ours = await agreementOf(seats.vendor.client, sold.cloud_agreement_id)
  const theirs = await agreementOf(seats.reseller.client, sold.cloud_agreement_id)
  expect(ours).toMatchObject({ role: 'manufacturer', terms: WHOLESALE_TERMS, wholesale: null })
  expect(theirs).toMatchObject({ role: 'seller', terms: sold.offer.terms, wholesale: WHOLESALE_TERMS })
  expect(ours?.license).toBe(theirs?.license)
})
