// What belongs to another tenant is answered exactly like what is not there, on every route and wherever an id can
// stand; and nothing of the other tenant is read or changed by it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { permissionNames } from '../../src/access/permissions.ts'
import { routePermissions } from '../../src/access/route-permissions.ts'
import { decodeCursor, encodeCursor } from '../../src/core/page.ts'
import { KEY, type Service, startService } from '../support/service.ts'
import { dumpTenant, liveWorld, makeTwin, nobodyId, OUR_IDS, twinId, type World } from '../support/world.ts'
import { type Asked, exchanged, readsOf, writesOf } from './asked.ts'
import { newPerson, signedIn, withKey } from './callers.ts'
import { placesIn, placesOf } from './places.ts'

let service: Service
let world: World
let twin: string
let before: Record<string, Record<string, string[]>>
/** Every id there is before anything is asked. */
let known: ReadonlySet<string>
/** One request for every route, with ids of the vendor's own. */
let own: Asked[]
let callers: Who[]
/** An owner of the twin. */
let stranger: Awaited<ReturnType<typeof newPerson>>
let described: unknown
beforeAll(async () => {
  service = await startService()
  world = await liveWorld(service)
  described = (await service.send('/openapi.json')).json
  own = [...(await readsOf(world)), ...(await writesOf(world))]
  // Made after what the writes need, so that it has everything the vendor has.
  twin = await makeTwin(world)
  stranger = await newPerson(world, twin, ['owner'])
  callers = await callersOf()
  before = await dumps()
  const rows = [before, await dumpTenant(world, world.seats.vendor.organisation_id)]
  known = new Set(JSON.stringify(rows).match(OUR_IDS))
})
afterAll(() => service.stop())

/** Every row of the twin and of the reseller; only when a key was used last is left out. */
async function dumps() {
  const rows: Record<string, Record<string, string[]>> = {}
  for (const id of [twin, world.seats.reseller.organisation_id]) {
    const { api_key = [], ...rest } = await dumpTenant(world, id)
    rows[id] = { ...rest, api_key: api_key.map((row) => row.replace(/"last_used_at": [^,]+/, '')) }
  }
  return rows
}

const PASSING = ['date', 'syndic-request-id', 'content-length']

/** The whole answer, but for what is each request's own: its id, when it was, and the ids of what it made. */
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
  const text = answer.text.replaceAll(id, 'ID').replace(OUR_IDS, (one) => (known.has(one) ? one : 'NEW'))
  const told = [...answer.headers].filter(([name]) => !PASSING.includes(name))
  return { status: answer.status, headers: told, text }
}
let sent = 0

type Who = { name: string; headers(asked: Asked): Record<string, string> }

/** Who asks, made before anything is compared. */
async function callersOf(): Promise<Who[]> {
  const owners: Record<string, Record<string, string>> = {}
  const keys: Record<string, Record<string, string>> = {}
  for (const { seat, name } of own) {
    const { organisation_id } = world.seats[seat]
    owners[seat] ??= await signedIn(world, organisation_id, ['owner'])
    const need = permissionNames.find((one) => one === routePermissions[name]) ?? 'audit.read'
    keys[`${seat} ${name}`] ??= await withKey(world, organisation_id, [need])
  }
  return [
    { name: 'an owner', headers: ({ seat }) => owners[seat] ?? {} },
    {
      name: "a key with the route's scope alone",
      headers: ({ seat, name }) => keys[`${seat} ${name}`] ?? {},
    },
    {
      name: "the operator's key",
      headers: ({ seat }) => ({
        authorization: `Bearer ${KEY}`,
        'syndic-organisation': world.seats[seat].organisation_id,
      }),
    },
  ]
}

/** People and their sessions belong to no tenant, and their seats are found by people: these have tests of their own. */
const OF_PEOPLE = [
  'GET /v1/people/{id}/personal-data path.id',
  'POST /v1/people/{id}/erase path.id',
  'POST /v1/sessions/{id}/end path.id',
]
/** Moves of the embedded clouds: test/http/sandbox.security holds that nobody moves what is another's. */
const OF_SANDBOX = [
  'DELETE /v1/sandbox/faults/{id} path.id',
  'POST /v1/sandbox/accept body.offer_id',
  'POST /v1/sandbox/by-hand body.operation_id',
  'POST /v1/sandbox/cancel body.agreement_id',
  'POST /v1/sandbox/deeds body.agreement_id',
  'POST /v1/sandbox/deeds body.invoice_id',
  'POST /v1/sandbox/deeds body.offer_id',
]
const OF_SEATS = ['DELETE /v1/members/{id} path.id', 'PATCH /v1/members/{id} path.id']

test('every read is answered with its own ids, and no place for an id is forgotten', async () => {
  for (const asked of own.filter(({ method }) => method === 'GET')) {
    const { status } = await answerTo(asked, callers[0]?.headers(asked) ?? {}, 'none')
    const allowed = routePermissions[asked.name] !== 'operator'
    expect({ asked: asked.address, status }).toEqual({ asked: asked.address, status: allowed ? 200 : 403 })
  }
  const taken = new Set(own.flatMap(({ name, address, body }) => placesIn(name, address, body)))
  const forgotten = placesOf(described).filter((place) => !taken.has(place))
  // A sender's events have ids of its own, a month, a number or a cloud is no id, an invoice's is the cloud's, and nobody's id is the operator's.
  expect(forgotten).toEqual(
    [
      ...OF_SEATS,
      ...OF_SANDBOX,
      'GET /v1/clouds/{cloud}/guide path.cloud',
      'GET /v1/audit query.actor_id',
      'GET /v1/audit/records/{sequence} path.sequence',
      'POST /v1/agreements/{id}/refunds body.invoice_id',
      'POST /v1/ledger/periods/{month}/close path.month',
      'POST /v1/ledger/periods/{month}/reopen path.month',
      ...OF_PEOPLE,
      'POST /v1/usage body.id',
    ].sort(),
  )
  expect([...taken].length).toBeGreaterThan(45)
})

test('an id of another tenant is answered like one that nobody has, byte for byte', async () => {
  const there = JSON.stringify(before[twin])
  const found: unknown[] = []
  for (const who of callers) {
    for (const asked of own) {
      const missing = exchanged(asked, nobodyId)
      for (const [index, { id, asked: other }] of exchanged(asked, twinId).entries()) {
        expect({ id, exists: there.includes(twinId(id)) }).toEqual({ id, exists: true })
        const one = await answerTo(other, who.headers(asked), twinId(id))
        const two = await answerTo(missing[index]?.asked ?? other, who.headers(asked), nobodyId(id))
        const in_path = new RegExp(`/${twinId(id)}(/|\\?|$)`).test(other.address)
        if (JSON.stringify(one) !== JSON.stringify(two) || (in_path && one.status !== 404))
          found.push({ who: who.name, asked: other.address, body: other.body, one, two })
      }
    }
  }
  expect(found).toEqual([])
})

const page = z.object({ next: z.string() })

test('a page that begins after a row of another tenant is the page that begins at its place', async () => {
  let looked = 0
  for (const asked of own.filter(({ method, name }) => method === 'GET' && !name.includes(':'))) {
    const headers = callers[0]?.headers(asked) ?? {}
    const with_query = (query: string) => `${asked.address}${asked.address.includes('?') ? '&' : '?'}${query}`
    const first = page.safeParse((await service.send(with_query('limit=1'), { headers })).json)
    const position = first.success ? decodeCursor(first.data.next) : ''
    const theirs = position.replace(OUR_IDS, twinId)
    if (theirs === position) continue
    looked += 1
    const at = (text: string) =>
      answerTo({ ...asked, address: with_query(`cursor=${encodeCursor(text)}`) }, headers, 'none')
    // Nobody has the other id, and no row lies between the two.
    const behind = position.replace(OUR_IDS, (id) => `${twinId(id)}0`)
    expect({ asked, answer: await at(theirs) }).toEqual({ asked, answer: await at(behind) })
  }
  expect(looked).toBeGreaterThan(5)
})

test('an organisation that one has no seat in is answered like one that is not there', async () => {
  for (const who of callers.slice(0, 2)) {
    for (const asked of own) {
      const [one, two] = [twin, nobodyId(twin)].map((id) =>
        answerTo(asked, { ...who.headers(asked), 'syndic-organisation': id }, id),
      )
      expect((await one)?.status).toBe(404)
      expect(await one).toEqual(await two)
    }
  }
})

test("another person's session and another person are answered like ones that are not there, to every role", async () => {
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

test('nothing of the twin is in any answer', async () => {
  const foreign = new Set(JSON.stringify(before[twin]).match(OUR_IDS))
  // A partner was given this name above, by the vendor itself.
  foreign.delete(twin)
  for (const asked of own.filter(({ method }) => method === 'GET')) {
    const { text } = await answerTo(asked, callers[0]?.headers(asked) ?? {}, 'none')
    const leaked = (text.match(OUR_IDS) ?? []).filter((id) => foreign.has(id))
    expect({ asked: asked.address, leaked }).toEqual({ asked: asked.address, leaked: [] })
  }
})

test('after all of it the rows of the other tenants are what they were', async () => {
  expect(await dumps()).toEqual(before)
})
