import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { VENDOR } from '../../src/demo/clouds/aws/scenario.ts'
import { at, keyed, refusal, type Seats, takeSeats } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
})
afterAll(() => service.stop())

const draft = {
  cloud: 'aws' as const,
  name: 'Another',
  account_id: '999900001111',
  credentials: { access_key_id: 'AKIA0000000000000000', secret_access_key: 'secret' } as Record<
    string,
    string
  >,
  settings: {} as Record<string, string>,
}
const connect = (change: Partial<typeof draft>) =>
  seats.vendor.client.POST('/v1/connections', { params: keyed(), body: { ...draft, ...change } })

test('every field is held against what the cloud asks for', async () => {
  const answer = await connect({
    credentials: { access_key_id: 'not a key', secret_acess_key: 'x', feed_bucket: 'b' },
    settings: { role_arn: 'somebody', access_key_id: 'AKIA0000000000000000' },
  })
  expect(refusal(answer, 422).errors?.map(({ field, rule }) => `${field} ${rule}`)).toEqual([
    expect.stringMatching(/^credentials.access_key_id must match /),
    'credentials.secret_access_key is required',
    'credentials.secret_acess_key is not a field of this cloud',
    'credentials.feed_bucket is not a field of this cloud',
    expect.stringMatching(/^settings.role_arn must match /),
    'settings.access_key_id is not a field of this cloud',
  ])
})

test('an inherited name is not a field', async () => {
  const answer = await connect({ settings: JSON.parse('{"constructor":"x","toString":"y"}') })
  expect(refusal(answer, 422).errors?.map(({ field }) => field)).toEqual([
    'settings.constructor',
    'settings.toString',
  ])
})

test('an account is connected once', async () => {
  const problem = refusal(await connect({ account_id: VENDOR.account_id }), 409)
  expect(problem.detail).toContain(seats.vendor.connection_id)
})

test('a key of another account is found out by the test, and the sentence says whose it is', async () => {
  const { id } = unwrap(await connect({ credentials: credentialsOf(seats.vendor.secrets) }))
  const tested = unwrap(await seats.vendor.client.POST('/v1/connections/{id}/test', { params: at(id) }))
  const identity = tested.test_result?.find(({ permission }) => permission === 'sts:GetCallerIdentity')
  expect(identity).toMatchObject({ ok: false, detail: expect.stringContaining(VENDOR.account_id) })
})

test('a key that nobody has fails every permission, and is no failure of ours', async () => {
  const { id } = unwrap(await connect({ account_id: '999900002222' }))
  const tested = unwrap(await seats.vendor.client.POST('/v1/connections/{id}/test', { params: at(id) }))
  expect(tested.test_result?.length).toBeGreaterThan(3)
  expect(tested.test_result?.filter(({ ok }) => ok)).toEqual([])
})

test('a connection that is not there cannot be tested', async () => {
  const params = at('conn_nothing')
  expect(
    refusal(await seats.vendor.client.POST('/v1/connections/{id}/test', { params }), 404).detail,
  ).toContain('conn_nothing')
})

function credentialsOf([access_key_id = '', secret_access_key = '']: string[]) {
  return { access_key_id, secret_access_key }
}
