import { afterAll, beforeAll, expect, test } from 'vitest'
import { routePermissions } from '../../src/access/route-permissions.ts'
import { makeApp } from '../../src/app.ts'
import { unwrap } from '../../src/client/index.ts'
import { RESELLER } from '../../src/demo/clouds/aws/scenario.ts'
import { makeServices } from '../../src/services.ts'
import { newPerson, signedIn, withKey } from '../access/callers.ts'
import { keyed, liveOffer, refusal } from '../support/seats.ts'
import { KEY, type Service, startService } from '../support/service.ts'
import { liveWorld, type World } from '../support/world.ts'

let service: Service
let world: World
beforeAll(async () => {
  service = await startService()
  world = await liveWorld(service)
})
afterAll(() => service.stop())

const routes = Object.keys(routePermissions).filter((route) => route.includes('/v1/sandbox'))

test('in live mode there is nothing at any of these addresses, whoever asks', async () => {
  const { context } = service.services
  const live = { ...context, sandbox: undefined, config: { ...context.config, mode: 'live' as const } }
  const app = makeApp(makeServices(live), { development_key: KEY, version: 'test', refresh: async () => {} })
  const { organisation_id } = world.seats.vendor
  const asks = [
    { authorization: `Bearer ${KEY}` },
    await signedIn(world, organisation_id, ['owner']),
    await withKey(world, organisation_id, ['sandbox.manage']),
  ]
  expect(routes.length).toBeGreaterThan(10)
  for (const headers of asks) {
    for (const route of routes) {
      const [method = '', path = ''] = route.split(' ')
      const ask = async (address: string) => {
        const answer = await app.request(`${service.url}${address}`, {
          method,
          headers: { ...headers, 'content-type': 'application/json' },
          ...(method === 'GET' ? {} : { body: '{}' }),
        })
        return { status: answer.status, text: await answer.text() }
      }
      const found = await ask(path.replace(':id', 'fault-1'))
      expect({ route, ...found }).toEqual({ route, ...(await ask('/v1/nothing-is-here')) })
      expect(found.status).toBe(404)
    }
  }
  const document = await (await app.request(`${service.url}/openapi.json`)).text()
  expect(document).not.toContain('/v1/sandbox')
})

test('owners and admins have it, nobody else, and a key only when it was given', async () => {
  const { organisation_id } = world.seats.vendor
  const status = async (headers: Record<string, string>) =>
    (await service.send('/v1/sandbox/faults', { headers })).status
  const by: Record<string, number> = {}
  for (const role of ['owner', 'admin', 'offers', 'finance', 'engineer', 'auditor']) {
    by[role] = await status(await signedIn(world, organisation_id, [role]))
  }
  expect(by).toEqual({ owner: 200, admin: 200, offers: 403, finance: 403, engineer: 403, auditor: 403 })
  expect(await status(await withKey(world, organisation_id, ['offers.read', 'operations.manage']))).toBe(403)
  expect(await status(await withKey(world, organisation_id, ['sandbox.manage']))).toBe(200)
})

test('the panel shows no offer, agreement, task or event to a key that may not read those', async () => {
  const { organisation_id, client } = world.seats.vendor
  await liveOffer(service, world.seats.vendor, world.product_id).catch(() => undefined)
  const whole = unwrap(await client.GET('/v1/sandbox'))
  expect([whole.agreements.length > 0, whole.happened.length > 0]).toEqual([true, true])
  const headers = await withKey(world, organisation_id, ['sandbox.manage'])
  const part = (await service.send('/v1/sandbox', { headers })).json
  expect(part).toMatchObject({ offers: [], agreements: [], tasks: [], happened: [] })
})

test('accounts of a reseller are shown to those who sit there too, and to nobody else', async () => {
  const { vendor, reseller } = world.seats
  const shown = async (headers: Record<string, string>) => {
    const { json } = await service.send('/v1/sandbox', {
      headers: { ...headers, 'syndic-organisation': vendor.organisation_id },
    })
    return (json as { resellers: { organisation_id: string }[] }).resellers
  }
  const one = await newPerson(world, vendor.organisation_id, ['owner'])
  expect(await shown(one.headers)).toEqual([])
  expect(await shown(await withKey(world, vendor.organisation_id, ['sandbox.manage']))).toEqual([])
  await service.services.context.store.inInstallation(({ tx, wall }) =>
    tx.member.create({
      data: {
        organisation_id: reseller.organisation_id,
        person_id: one.id,
        roles: ['auditor'],
        created_at: wall(),
      },
    }),
  )
  expect(await shown(one.headers)).toEqual([
    expect.objectContaining({ organisation_id: reseller.organisation_id, cloud: 'aws' }),
  ])
})

test('to complete a step by hand needs the permission for that too', async () => {
  const headers = {
    ...(await withKey(world, world.seats.vendor.organisation_id, ['sandbox.manage'])),
    'content-type': 'application/json',
  }
  const body = JSON.stringify({ operation_id: 'op_any' })
  const answer = await service.send('/v1/sandbox/by-hand', { method: 'POST', headers, body })
  expect({ status: answer.status, text: answer.text }).toMatchObject({
    status: 403,
    text: expect.stringContaining('operations.manage'),
  })
})

test('nobody accepts, cancels, completes or reads the bank of what is another organisation’s', async () => {
  const { vendor, reseller } = world.seats
  const client = reseller.client
  const [agreement] = unwrap(await vendor.client.GET('/v1/agreements')).items
  const [offer] = unwrap(await vendor.client.GET('/v1/offers')).items
  const [operation] = unwrap(await vendor.client.GET('/v1/operations')).items
  const asks = [
    await client.POST('/v1/sandbox/accept', { params: keyed(), body: { offer_id: offer?.id ?? '' } }),
    await client.POST('/v1/sandbox/cancel', { params: keyed(), body: { agreement_id: agreement?.id ?? '' } }),
    await client.POST('/v1/sandbox/by-hand', {
      params: keyed(),
      body: { operation_id: operation?.id ?? '' },
    }),
    await client.POST('/v1/sandbox/deeds', {
      params: keyed(),
      body: { deed: 'decline', offer_id: offer?.id ?? '' },
    }),
    await client.POST('/v1/sandbox/deeds', {
      params: keyed(),
      body: { deed: 'forgive', agreement_id: agreement?.id ?? '', invoice_id: 'any' },
    }),
  ]
  for (const answer of asks) expect(refusal(answer, 404).type).toBe('/problems/not-found')
  const query = { connection_id: vendor.connection_id }
  const bank = await client.GET('/v1/sandbox/bank-statement', { params: { query }, parseAs: 'text' })
  expect(bank.response.status).toBe(404)
  const theirs = unwrap(await client.GET('/v1/sandbox'))
  expect(JSON.stringify(theirs.offers)).not.toContain(offer?.id)
  expect(JSON.stringify(theirs.agreements)).not.toContain(agreement?.id)
})

test('the panel shows no secret of an account, and lists buyers only', async () => {
  const { client, secrets } = world.seats.vendor
  const shown = unwrap(await client.GET('/v1/sandbox'))
  const text = JSON.stringify(shown)
  for (const secret of secrets) expect(text).not.toContain(secret)
  expect(shown.buyers.map(({ account_id }) => account_id)).not.toContain(RESELLER.account_id)
  expect(text).not.toMatch(/secret|private_key|access_key/)
})
