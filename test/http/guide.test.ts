import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { VENDOR } from '../../src/demo/clouds/aws/scenario.ts'
import { at, refusal, type Seats, takeSeats } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
})
afterAll(() => service.stop())

const aws = { cloud: 'aws' as const }
const ROLE = 'arn:aws:iam::100000000001:role/syndic'
const read = (seat: 'vendor' | 'reseller', query: Record<string, string> = {}) =>
  seats[seat].client.GET('/v1/clouds/{cloud}/guide', { params: { path: aws, query } })

/** No second person is asked here, so that a change answers the connection. */
async function settle(settings: Record<string, string>): Promise<Record<string, string>> {
  const params = at(seats.vendor.connection_id)
  const changed = unwrap(
    await seats.vendor.client.PATCH('/v1/connections/{id}', { params, body: { settings } }),
  )
  return 'settings' in changed ? changed.settings : {}
}

describe('happy', () => {
  test('each organisation is told what its own side needs', async () => {
    const vendor = unwrap(await read('vendor'))
    const reseller = unwrap(await read('reseller'))
    expect([vendor.side, reseller.side]).toEqual(['seller', 'reseller'])
    const names = (one: typeof vendor) => one.permissions.map(({ permission }) => permission)
    expect(names(vendor)).toContain('aws-marketplace:BatchMeterUsage')
    expect(names(reseller)).not.toContain('aws-marketplace:BatchMeterUsage')
    const metering = vendor.permissions.find(({ permission }) => permission.endsWith(':BatchMeterUsage'))
    expect(metering?.for).toEqual([{ name: 'report_usage', words: 'Report usage' }])
    expect(metering?.untested).toContain('changes something')
  })

  test('a connection fills in its account, its bucket and our addresses', async () => {
    const { connection_id } = seats.vendor
    const { documents } = unwrap(await read('vendor', { connection_id }))
    const texts = documents.map(({ text }) => text).join('\n')
    expect(texts).toContain(`arn:aws:sns:us-east-1:${VENDOR.account_id}:`)
    const connection = unwrap(
      await seats.vendor.client.GET('/v1/connections/{id}', { params: at(connection_id) }),
    )
    expect(texts).toContain(`arn:aws:s3:::${connection.settings.feed_bucket}/`)
    const textOf = (wanted: string) => documents.find(({ name }) => name === wanted)?.text
    expect(textOf('subscription')).toMatch(new RegExp(`^http.*/v1/webhooks/${connection_id}$`))
    expect(textOf('fulfillment_url')).toMatch(new RegExp(`^http.*/sign-up/${connection_id}$`))
  })

  test('the external id of a role is ours, the same in the guide and in the connection', async () => {
    const { client, connection_id } = seats.vendor
    const { settings } = unwrap(await client.GET('/v1/connections/{id}', { params: at(connection_id) }))
    const wanted = { ...settings, role_arn: ROLE }
    const { documents } = unwrap(await read('vendor', { settings: JSON.stringify(wanted) }))
    const trust = documents.find(({ name }) => name === 'trust')?.text ?? ''
    const changed = await settle(wanted)
    expect(changed.external_id).toMatch(/^syndic-[0-9a-f]{32}$/)
    expect(JSON.parse(trust).Statement[0].Condition.StringEquals).toEqual({
      'sts:ExternalId': changed.external_id,
    })
    const own = { ...wanted, external_id: 'theirs' }
    const kept = await settle(own)
    expect(kept.external_id).toBe('theirs')
    await settle(settings)
  })

  test('a cloud that does not grant by name has nothing to paste', async () => {
    const { items } = unwrap(await seats.vendor.client.GET('/v1/clouds'))
    expect(items.map(({ cloud, guided }) => [cloud, guided])).toEqual([
      ['aws', true],
      ['azure', false],
      ['gcp', false],
    ])
  })
})

describe('refusal', () => {
  test.each(['no json', '[1]', '{"feed_bucket":1}'])(
    'settings %s are refused at their field',
    async (settings) => {
      expect(refusal(await read('vendor', { settings }), 422).errors?.[0]?.field).toBe('settings')
    },
  )

  test('an unknown connection is not there, and an unknown cloud neither', async () => {
    refusal(await read('vendor', { connection_id: 'conn_nobody' }), 404)
    const { status } = await service.send('/v1/clouds/oracle/guide')
    expect([401, 404, 422]).toContain(status)
  })
})

describe('security', () => {
  test("another organisation's connection fills in nothing", async () => {
    refusal(await read('reseller', { connection_id: seats.vendor.connection_id }), 404)
  })

  test('two organisations have two external ids', async () => {
    const idOf = async (seat: 'vendor' | 'reseller') => {
      const { documents } = unwrap(await read(seat, { settings: JSON.stringify({ role_arn: ROLE }) }))
      const text = documents.find(({ name }) => name === 'trust')?.text ?? ''
      return JSON.parse(text).Statement[0].Condition.StringEquals['sts:ExternalId']
    }
    expect(await idOf('vendor')).not.toBe(await idOf('reseller'))
  })
})
