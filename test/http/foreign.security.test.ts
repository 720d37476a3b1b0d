// What belongs to another organisation is answered exactly like what is not there.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { INITECH } from '../../src/demo/clouds/aws/scenario.ts'
import { EXPIRES_ON } from '../../src/demo/scenario.ts'
import { filled, idsUnder, readAs, reads } from '../support/crawl.ts'
import { keyed, publish, resell, type Seats, signUp, takeSeats } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  const { vendor } = seats
  const sold = await resell(service, seats, await publish(service, vendor))
  await signUp(service, INITECH, sold.cloud_agreement_id)
  const partner = { name: 'Partner', reseller_account_id: '999999999999', share_percent: '4' }
  await vendor.client.POST('/v1/partners', { params: keyed(), body: partner })
  await vendor.client.POST('/v1/commitments', {
    params: keyed(),
    body: {
      name: 'Private pricing',
      kind: 'cloud',
      cloud: 'aws',
      buyer_account_id: INITECH.account_id,
      amount: { currency: 'USD', amount: '1000.00' },
      starts_on: '2026-01-01',
      ends_on: '2026-12-31',
      eligible_percent: '100',
      cap_percent: '25',
      source: 'Told by the buyer',
    },
  })
  for (const day of ['2026-01-26T00:30:00Z', '2026-01-27T00:30:00Z']) await service.moveTo(day)
})
afterAll(() => service.stop())

/** Reads by id for which this world has nothing to show; each is looked at in the tests of its own room. */
const WITHOUT_A_THING = ['/v1/approvals/{id}', '/v1/partner-statements/{id}', '/v1/reconciliation/lines/{id}']

test('every read by id: of the vendor for the reseller, and of the reseller for the vendor', async () => {
  const { vendor, reseller } = seats
  const looked: string[] = []
  for (const read of (await reads(service)).filter(({ path }) => path.includes('{'))) {
    for (const [owner, other] of [
      [vendor, reseller],
      [reseller, vendor],
    ] as const) {
      const values = { connection_id: other.connection_id, expires_on: EXPIRES_ON, format: 'csv' }
      const [id] = await idsUnder(service, owner.organisation_id, read.path)
      if (id === undefined) continue
      looked.push(read.path)
      const own = { ...values, connection_id: owner.connection_id }
      const path = filled(read, id, own)
      expect([path, (await readAs(service, owner.organisation_id, path)).status]).toEqual([path, 200])
      const foreign = await readAs(service, other.organisation_id, filled(read, id, values))
      const prefix = id.slice(0, id.indexOf('_') + 1)
      const nobody = `${prefix}${'0'.repeat(id.length - prefix.length)}`
      const missing = await readAs(service, other.organisation_id, filled(read, nobody, values))
      expect([path, foreign.status]).toEqual([path, 404])
      expect(foreign.text.replaceAll(id, 'ID')).toBe(missing.text.replaceAll(nobody, 'ID'))
    }
  }
  const all = (await reads(service)).map(({ path }) => path).filter((path) => path.includes('{'))
  expect(all.filter((path) => !looked.includes(path) && !WITHOUT_A_THING.includes(path))).toEqual([])
})
