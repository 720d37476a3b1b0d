import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { newPerson } from '../access/callers.ts'
import { keyed } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

test('an installation begins with one vendor, which is who a request without a name is for', async () => {
  const first = unwrap(await service.client().GET('/v1/organisations')).items.find(
    ({ name }) => name === 'My company',
  )
  expect(first).toMatchObject({ kind: 'vendor' })
  const made = await service.client().POST('/v1/organisations', {
    params: keyed(),
    body: { kind: 'reseller', name: '  Contoso  ' },
  })
  expect(unwrap(made)).toMatchObject({
    kind: 'reseller',
    name: 'Contoso',
    created_at: service.now().toISOString(),
  })
})

test('a write sent twice under one key is done once and answered alike', async () => {
  const params = { header: { 'idempotency-key': 'twice' } }
  const body = { kind: 'reseller' as const, name: 'Sent twice' }
  const first = await service.client().POST('/v1/organisations', { params, body })
  const second = await service.client().POST('/v1/organisations', { params, body })
  expect(second.data).toEqual(unwrap(first))
  expect(second.response.headers.get('idempotency-replayed')).toBe('true')
  const { items } = unwrap(await service.client().GET('/v1/organisations'))
  expect(items.filter(({ name }) => name === 'Sent twice')).toHaveLength(1)
})

test('a person who runs the installation begins an organisation of their own, with nothing in it and the guide at its start', async () => {
  const { id: person_id, headers } = await newPerson({ service }, undefined, [], true)
  const made = await service.send('/v1/organisations', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'vendor', name: 'My own', owned_by_me: true }),
  })
  expect(made).toMatchObject({ status: 201, json: { name: 'My own', link: null, invitation_id: null } })
  const theirs = { ...headers, 'syndic-organisation': String((made.json as { id: string }).id) }
  const members = await service.send('/v1/members', { headers: theirs })
  expect(members.json).toMatchObject({ items: [{ id: person_id, roles: ['owner'] }] })
  expect((await service.send('/v1/guide', { headers: theirs })).json).toMatchObject({
    at: 'connect',
    finished: false,
    dismissed: false,
  })
})
