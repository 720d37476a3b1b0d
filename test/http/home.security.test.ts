import { afterAll, beforeAll, expect, test } from 'vitest'
import { allowedBy, permissionNames, roleNames } from '../../src/access/permissions.ts'
import type { Schemas } from '../../src/client/index.ts'
import { needKindNames, needKinds } from '../../src/home/model.ts'
import { newPerson, signedIn, withKey } from '../access/callers.ts'
import { type Service, startService } from '../support/service.ts'
import { copyOf, liveWorld, type World } from '../support/world.ts'

let service: Service
let world: World
beforeAll(async () => {
  service = await startService()
  world = await liveWorld(service)
  await needEverything()
})
afterAll(() => service.stop())

/** Something of most kinds, at the vendor's. */
async function needEverything(): Promise<void> {
  const first = (table: string) =>
    world.tenant(async ({ tx, organisation_id }) => {
      const sql = `SELECT id FROM ${table} WHERE organisation_id = $1 ORDER BY id LIMIT 1`
      const [row] = await tx.$queryRawUnsafe<{ id: string }[]>(sql, organisation_id)
      return row?.id ?? ''
    })
  const offer = { cloud_offer_id: null, deal_id: null }
  await copyOf(world, 'offer', await first('offer'), { ...offer, state: 'live', expires_on: '2026-01-29' })
  await copyOf(world, 'offer', await first('offer'), { ...offer, state: 'failed' })
  await copyOf(world, 'operation', await first('operation'), { key: 'waits', state: 'waiting_for_person' })
  await copyOf(world, 'listing', await first('listing'), { state: 'failed', connection_id: 'conn_other' })
  await copyOf(world, 'connection', await first('connection'), { account_id: '1', tested_at: null })
}

const home = async (headers: Record<string, string>) =>
  (await service.send('/v1/home', { headers })).json as Schemas['Home']

test('each role, and each key with one scope, is told of what it may read and of nothing else', async () => {
  const { organisation_id } = world.seats.vendor
  const everybody = [
    ...(await Promise.all(
      roleNames.map(async (role) => ({
        held: allowedBy([role]),
        headers: await signedIn(world, organisation_id, [role]),
      })),
    )),
    ...(await Promise.all(
      permissionNames.map(async (name) => ({
        held: new Set([name]),
        headers: await withKey(world, organisation_id, [name]),
      })),
    )),
  ]
  const kinds = new Set<string>()
  for (const { held, headers } of everybody) {
    const { items, groups, total } = await home(headers)
    for (const { kind } of [...items, ...groups]) {
      kinds.add(kind)
      expect(held.has(needKinds[kind])).toBe(true)
    }
    expect(total).toBe(groups.reduce((all, { count }) => all + count, 0))
  }
  // It was a test of something: most kinds were there to be told of.
  expect(kinds.size).toBeGreaterThanOrEqual(6)
  expect(needKindNames.length).toBeGreaterThanOrEqual(kinds.size)
})

test('the money of the months is for whoever may read the ledger', async () => {
  const { organisation_id } = world.seats.vendor
  const status = async (role: string) =>
    (await service.send('/v1/home/money', { headers: await signedIn(world, organisation_id, [role]) })).status
  expect([await status('finance'), await status('engineer')]).toEqual([200, 403])
})

test("neither needs nor money nor steps of one organisation are in another one's", async () => {
  const { vendor, reseller } = world.seats
  const ids = (await home(await signedIn(world, vendor.organisation_id, ['owner']))).items
  const theirs = await home(await signedIn(world, reseller.organisation_id, ['owner']))
  expect(ids.length).toBeGreaterThan(3)
  for (const { subject_id } of ids) {
    expect(theirs.items.map((item) => item.subject_id)).not.toContain(subject_id)
  }
})

test('who has a seat in one organisation does not put the guide of another one away', async () => {
  const { vendor, reseller } = world.seats
  const { headers } = await newPerson(world, vendor.organisation_id, ['owner'])
  const foreign = { ...headers, 'syndic-organisation': reseller.organisation_id }
  expect((await service.send('/v1/guide/dismiss', { method: 'POST', headers: foreign })).status).toBe(404)
})

test('who runs the installation without a seat sees no needs of a tenant', async () => {
  const headers = {
    ...(await signedIn(world, undefined, [], true)),
    'syndic-organisation': world.seats.vendor.organisation_id,
  }
  expect(await home(headers)).toMatchObject({ items: [], groups: [], total: 0 })
})
