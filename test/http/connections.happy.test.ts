import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { RESELLER, VENDOR } from '../../src/demo/clouds/aws/scenario.ts'
import { at, type Seats, takeSeats } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
})
afterAll(() => service.stop())

test('each organisation lists its own seller account', async () => {
  for (const [seller, account] of [
    [seats.vendor, VENDOR],
    [seats.reseller, RESELLER],
  ] as const) {
    const { items } = unwrap(await seller.client.GET('/v1/connections'))
    expect(items.map(({ account_id }) => account_id)).toEqual([account.account_id])
  }
})

test('a test asks the cloud for every permission and is kept', async () => {
  const { client, connection_id } = seats.vendor
  const tested = unwrap(await client.POST('/v1/connections/{id}/test', { params: at(connection_id) }))
  expect(tested.test_result?.map(({ permission, ok }) => [permission, ok])).toEqual([
    ['sts:GetCallerIdentity', true],
    ['aws-marketplace:ListEntities', true],
    ['aws-marketplace:DescribeEntity', true],
    ['aws-marketplace:DescribeChangeSet', true],
    ['aws-marketplace:ListChangeSets', true],
    ['aws-marketplace:SearchAgreements', true],
    ['aws-marketplace:DescribeAgreement', true],
    ['aws-marketplace:GetAgreementTerms', true],
    ['aws-marketplace:GetEntitlements', true],
    ['aws-marketplace:ResolveCustomer', true],
    ['aws-marketplace:ListAgreementInvoiceLineItems', true],
    ['aws-marketplace:GetAgreementCancellationRequest', true],
    ['aws-marketplace:GetAgreementPaymentRequest', true],
    ['aws-marketplace:GetBillingAdjustmentRequest', true],
    ['s3:ListBucket', true],
    ['s3:GetObject', true],
  ])
  const read = unwrap(await client.GET('/v1/connections/{id}', { params: at(connection_id) }))
  expect(read).toEqual({ ...tested, tested_at: service.now().toISOString() })
})

test('new credentials take the place of the old ones, and what was tested counts no more', async () => {
  const { client, connection_id } = seats.reseller
  const path = { params: at(connection_id) }
  unwrap(await client.POST('/v1/connections/{id}/test', path))
  const before = unwrap(await client.GET('/v1/connections/{id}', path))
  const credentials = { access_key_id: 'AKIAUNKNOWN000000000', secret_access_key: 'nobody-knows-this-key' }
  const changed = unwrap(
    await client.PATCH('/v1/connections/{id}', { ...path, body: { name: 'Rotated', credentials } }),
  )
  expect(changed).toMatchObject({ name: 'Rotated', settings: before.settings, tested_at: null })
  expect(JSON.stringify(changed)).not.toContain(credentials.secret_access_key)
  const tested = unwrap(await client.POST('/v1/connections/{id}/test', path))
  expect(tested.test_result?.some(({ ok }) => ok)).toBe(false)
})

test('settings are checked like at the start, and a refused change changes nothing', async () => {
  const { client, connection_id } = seats.vendor
  const path = { params: at(connection_id) }
  const before = unwrap(await client.GET('/v1/connections/{id}', path))
  const { error } = await client.PATCH('/v1/connections/{id}', {
    ...path,
    body: { settings: { bucket: 'x' } },
  })
  expect(error?.errors?.[0]?.field).toBe('settings.bucket')
  expect(unwrap(await client.GET('/v1/connections/{id}', path))).toEqual(before)
})
