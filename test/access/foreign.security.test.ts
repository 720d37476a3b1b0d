// What belongs to another tenant is answered exactly like what is not there, on every route and wherever an id can
// stand; and nothing of the other tenant is read or changed by it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { permissionNames } from '../../src/access/permissions.ts'
import { openRoutes, routePermissions } from '../../src/access/route-permissions.ts'
import { filled, idsUnder, reads } from '../support/crawl.ts'
import { type Sample, samples } from '../support/samples.ts'
import { KEY, type Service, startService } from '../support/service.ts'
import { dumpTenant, liveWorld, makeTwin, nobodyId, OUR_IDS, twinId, type World } from '../support/world.ts'
import { newPerson, signedIn, withKey } from './callers.ts'
import { routesOf } from './routes.ts'

type Asked = {
  name: string
  method: string
  address: string
  body: string | undefined
  seat: 'vendor' | 'reseller'
}

let service: Service
let world: World
let twin: string
let before: Record<string, Record<string, string[]>>
/** One request for every route, with ids of the vendor's own. */
let own: Asked[]
beforeAll(async () => {
  service = await startService()
  world = await liveWorld(service)
  own = [...(await readsOf()), ...(await writesOf())]
  // Made last, so that it has everything the vendor has.
  twin = await makeTwin(world)
  before = await dumps()
})
afterAll(() => service.stop())

async function dumps() {
  const { reseller } = world.seats
  return { twin: await dumpTenant(world, twin), reseller: await dumpTenant(world, reseller.organisation_id) }
}

async function writesOf(): Promise<Asked[]> {
  const found: Asked[] = []
  for (const [index, [name, make]] of Object.entries(samples).entries()) {
    const { path, body, seat = 'vendor' }: Sample = await make(world, `foreign-${index}`)
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
    found.push({ name, method: name.split(' ')[0] ?? '', address: path, body: text, seat })
  }
  return found
}

const parameters = z.object({
  paths: z.record(
    z.string(),
    z.object({
      get: z
        .object({ parameters: z.array(z.object({ name: z.string(), in: z.string() })).default([]) })
        .optional(),
    }),
  ),
})

/** A read of each address with an id in its path, and of each list with every filter that takes an id. */
async function readsOf(): Promise<Asked[]> {
  const { organisation_id, connection_id } = world.seats.vendor
  const { paths } = parameters.parse((await service.send('/openapi.json')).json)
  const values = { connection_id, expires_on: '2026-03-01', format: 'csv' }
  const [agreement_id = ''] = await idsUnder(service, organisation_id, '/v1/agreements/{id}')
  const line = await world.tenant(({ tx }) => tx.statement_line.findFirst())
  const found: Asked[] = []
  for (const read of await reads(service)) {
    const ids = read.path.includes('{') ? await idsUnder(service, organisation_id, read.path) : ['']
    const address = filled(read, ids[0] ?? line?.id ?? '', values)
    const asked = { name: `GET ${read.path}`, method: 'GET', body: undefined, seat: 'vendor' as const }
    found.push({ ...asked, address })
    for (const { name, in: place } of paths[read.path]?.get?.parameters ?? []) {
      if (place !== 'query' || !name.endsWith('_id') || read.query.includes(name)) continue
      // Filters take any id; the kind of thing does not matter to the comparison.
      const mark = address.includes('?') ? '&' : '?'
      found.push({ ...asked, address: `${address}${mark}${name}=${agreement_id}` })
    }
  }
  return found
}

/** The request once for each id in it, with that id exchanged. */
function exchanged(asked: Asked, by: (id: string) => string): { id: string; asked: Asked }[] {
  const ids = new Set(
    [...asked.address.matchAll(OUR_IDS), ...(asked.body ?? '').matchAll(OUR_IDS)].map(([id]) => id),
  )
  return [...ids].map((id) => ({
    id,
    asked: {
      ...asked,
      address: asked.address.replaceAll(id, by(id)),
      body: asked.body?.replaceAll(id, by(id)),
    },
  }))
}

const PASSING = ['date', 'syndic-request-id', 'content-length']

/** The whole answer, but for what is each request's own. */
async function answerTo({ method, address, body }: Asked, headers: Record<string, string>, id: string) {
  const type = body?.startsWith('{') === false ? 'text/csv' : 'application/json'
  sent += 1
  const answer = await service.send(address, {
    method,
    headers: {
      ...headers,
      ...(method === 'GET' ? {} : { 'content-type': type, 'idempotency-key': `foreign ${sent}` }),
    },
    ...(body === undefined ? {} : { body }),
  })
  const told = [...answer.headers].filter(([name]) => !PASSING.includes(name))
  return { status: answer.status, headers: told, text: answer.text.replaceAll(id, 'ID') }
}
let sent = 0

type Who = { name: string; headers(asked: Asked): Promise<Record<string, string>> }

function callersOf(): Who[] {
  const seatOf = ({ seat }: Asked) => world.seats[seat].organisation_id
  return [
    { name: 'an owner', headers: (asked) => signedIn(world, seatOf(asked), ['owner']) },
    {
      name: "a key with the route's scope alone",
      async headers(asked) {
        const need = routePermissions[asked.name.replace(/\{(\w+)\}/g, ':$1')]
        const scope = permissionNames.find((name) => name === need) ?? 'audit.read'
        return withKey(world, seatOf(asked), [scope])
      },
    },
    {
      name: "the operator's key",
      headers: async (asked) => ({ authorization: `Bearer ${KEY}`, 'syndic-organisation': seatOf(asked) }),
    },
  ]
}

test('with its own ids every request is answered, so that what follows says something', async () => {
  const [owner] = callersOf()
  const looked = new Set<string>()
  for (const asked of own.filter(({ method }) => method === 'GET')) {
    const { status } = await answerTo(asked, (await owner?.headers(asked)) ?? {}, 'none')
    expect({ asked: asked.address, status }).toEqual({ asked: asked.address, status: 200 })
  }
  for (const { name, address } of own)
    if (exchangedIds(address) > 0) looked.add(name.replace(/\{(\w+)\}/g, ':$1'))
  const withId = routesOf(service).filter(({ name, path }) => path.includes(':') && !(name in openRoutes))
  expect(withId.map(({ name }) => name).filter((name) => !looked.has(name))).toEqual([
    // A session and a person belong to no tenant: they have a test of their own.
    'POST /v1/sessions/:id/end',
    'POST /v1/people/:id/erase',
    'POST /v1/ledger/periods/:month/close',
  ])
})

const exchangedIds = (text: string) => [...text.matchAll(OUR_IDS)].length

test('an id of another tenant is answered like one that nobody has, byte for byte', async () => {
  const there = JSON.stringify(before)
  const found: unknown[] = []
  let compared = 0
  for (const who of callersOf()) {
    for (const asked of own) {
      const headers = await who.headers(asked)
      const foreign = exchanged(asked, twinId)
      const missing = exchanged(asked, nobodyId)
      for (const [index, { id, asked: other }] of foreign.entries()) {
        const none = missing[index]?.asked ?? other
        expect({ id, exists: there.includes(twinId(id)) }).toEqual({ id, exists: true })
        const one = await answerTo(other, headers, twinId(id))
        const two = await answerTo(none, headers, nobodyId(id))
        compared += 1
        if (JSON.stringify(one) !== JSON.stringify(two))
          found.push({ who: who.name, asked: other.address, body: other.body, one, two })
        else if (new RegExp(`/${twinId(id)}(/|\\?|$)`).test(other.address) && one.status !== 404)
          found.push({ who: who.name, asked: other.address, one })
      }
    }
  }
  expect(found).toEqual([])
  expect(compared).toBeGreaterThan(200)
})

test('an organisation that one has no seat in is answered like one that is not there', async () => {
  for (const who of callersOf().slice(0, 2)) {
    for (const asked of own) {
      const headers = await who.headers(asked)
      const [one, two] = [twin, nobodyId(twin)].map((id) =>
        answerTo(asked, { ...headers, 'syndic-organisation': id }, id),
      )
      expect((await one)?.status).toBe(404)
      expect(await one).toEqual(await two)
    }
  }
})

test("another person's session and another person are answered like ones that are not there, to every role", async () => {
  const stranger = await newPerson(world, twin, ['owner'])
  const { organisation_id } = world.seats.vendor
  for (const roles of [['owner'], ['admin'], ['auditor']]) {
    const colleague = await newPerson(world, organisation_id, ['owner'])
    const { headers } = await newPerson(world, organisation_id, roles)
    for (const { id, other_session_id } of [stranger, colleague]) {
      for (const [path, given, none] of [
        ['/v1/sessions/ID/end', other_session_id, `ses_${'0'.repeat(24)}`],
        ['/v1/people/ID/erase', id, `prsn_${'0'.repeat(26)}`],
      ] as const) {
        const ask = (one: string) =>
          answerTo(
            { name: path, method: 'POST', address: path.replace('ID', one), body: undefined, seat: 'vendor' },
            headers,
            one,
          )
        const answer = await ask(given)
        expect(answer.status).toBe(404)
        expect(answer).toEqual(await ask(none))
      }
    }
  }
  const still = await world.service.send('/v1/me', { headers: stranger.headers })
  expect(still.status).toBe(200)
})

test('nothing of the other tenants is in any answer', async () => {
  const [owner] = callersOf()
  const foreign = new Set(
    (JSON.stringify(before.twin).match(OUR_IDS) ?? []).filter((id) => twinId(id) !== id),
  )
  for (const asked of own.filter(({ method }) => method === 'GET')) {
    const { text } = await answerTo(asked, (await owner?.headers(asked)) ?? {}, 'none')
    const leaked = (text.match(OUR_IDS) ?? []).filter((id) => foreign.has(id))
    expect({ asked: asked.address, leaked }).toEqual({ asked: asked.address, leaked: [] })
  }
})

test('after all of it the rows of the other tenants are what they were', async () => {
  expect(await dumps()).toEqual(before)
})
