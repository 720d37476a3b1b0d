// Every route of the router, for everybody: allowed exactly where the table says so.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRoutes, routePermissions } from '../../src/access/route-permissions.ts'
import { filled, idsUnder, reads } from '../support/crawl.ts'
import { questions, samples } from '../support/samples.ts'
import { type Service, startService } from '../support/service.ts'
import { liveWorld, nobodyId, openToVendor, type World } from '../support/world.ts'
import { type AtTheDoor, everybody, NOBODY, newPerson, signedIn } from './callers.ts'
import { disagreements, type Route, routesOf } from './routes.ts'

let service: Service
let world: World
let routes: Route[]
/** An address of each closed route: reads with an id that is the vendor's, writes with one that is nobody's. */
let addresses: { route: Route; address: string }[]
beforeAll(async () => {
  service = await startService()
  world = await liveWorld(service)
  await openToVendor(world)
  // Somebody whom the operator can read about.
  await newPerson(world, world.seats.vendor.organisation_id, ['auditor'])
  routes = routesOf(service)
  addresses = await addressesOf(routes.filter(({ name }) => !(name in openRoutes)))
})
afterAll(() => service.stop())

const QUERY = { expires_on: '2026-03-01', format: 'csv' }

async function addressesOf(closed: readonly Route[]) {
  const { organisation_id, connection_id } = world.seats.vendor
  const all = await reads(service)
  const found = []
  for (const route of closed) {
    const pattern = route.path.replace(/:(\w+)/g, '{$1}')
    const read = route.method === 'GET' ? all.find(({ path }) => path === pattern) : undefined
    const [id = await lineId(pattern)] = read?.path.includes('{')
      ? await idsUnder(service, organisation_id, pattern)
      : []
    const address =
      read === undefined
        ? route.path
            .replace(':month', '2031-01')
            .replace(':cloud', 'aws')
            .replace(/:\w+/g, nobodyId(`none_${'1'.repeat(26)}`))
        : filled(read, id, { ...QUERY, connection_id })
    found.push({ route, address })
  }
  return found
}

/** A line is in no list of its own, but in its statement's. */
async function lineId(pattern: string): Promise<string> {
  if (!pattern.startsWith('/v1/trace/')) return ''
  const row = await world.tenant(({ tx }) => tx.statement_line.findFirst())
  return row?.id ?? ''
}

async function ask({ method }: Route, address: string, headers: Record<string, string>) {
  const answer = await service.send(address, {
    method,
    headers: { ...headers, ...(method === 'GET' ? {} : { 'content-type': 'application/json' }) },
    ...(method === 'GET' ? {} : { body: '{}' }),
  })
  return { status: answer.status, type: (answer.json as { type?: string } | undefined)?.type }
}

const holds = ({ holds: held }: Pick<AtTheDoor, 'holds'>, name: string) => {
  const need = routePermissions[name]
  return need === 'signed_in' || (need !== undefined && held.has(need))
}

/** Where the door does otherwise than the table says for somebody. */
async function mistakes(who: AtTheDoor): Promise<string[]> {
  const found: string[] = []
  for (const { route, address } of addresses) {
    const { status, type } = await ask(route, address, who.headers)
    const said = `${route.name}: ${status} ${type ?? ''}`
    if (!holds(who, route.name)) {
      if (status !== 403 || type !== '/problems/forbidden') found.push(`${said}, not allowed`)
    } else if (route.method === 'GET' ? status !== 200 : [401, 403, 500].includes(status)) {
      found.push(`${said}, allowed`)
    }
  }
  return found
}

test('every route has a row and every row a route', () => {
  expect(routes.length).toBeGreaterThan(70)
  expect(disagreements(routes, routePermissions, openRoutes)).toEqual([])
})

test('every write has a sample for the tests of writes', () => {
  // Those of the sandbox move clouds that are everybody's; they have tests of their own (test/http/sandbox).
  const writes = routes.filter(
    ({ name, method }) => method !== 'GET' && name in routePermissions && !name.includes('/v1/sandbox'),
  )
  expect([...Object.keys(samples), ...Object.keys(questions)].sort()).toEqual(
    writes.map(({ name }) => name).sort(),
  )
})

test('everybody may do what the table says, on every route, and nothing else', async () => {
  const found: Record<string, string[]> = {}
  const people = await everybody(world, world.seats.vendor.organisation_id)
  expect(people.length).toBeGreaterThan(30)
  for (const who of people) {
    const wrong = await mistakes(who)
    if (wrong.length > 0) found[who.name] = wrong
  }
  expect(found).toEqual({})
})

test('nobody gets through any door that is not open', async () => {
  const found: string[] = []
  for (const { name, headers } of NOBODY) {
    for (const { route, address } of addresses) {
      const { status, type } = await ask(route, address, headers)
      if (status !== 401 || type !== '/problems/unauthenticated')
        found.push(`${name}: ${route.name}: ${status}`)
    }
  }
  expect(found).toEqual([])
})

test('the open doors ask for no key', async () => {
  for (const route of routes.filter(({ name }) => name in openRoutes)) {
    // From one of our own pages, as the forms have to be sent. Pages may say "sign in first" by themselves.
    const { type } = await ask(route, route.path.replace(/:\w+/g, 'none'), { origin: service.url })
    expect({ route: route.name, type }).not.toMatchObject({
      type: expect.stringMatching(/unauthenticated|forbidden|foreign-origin/),
    })
  }
})

test('a person without a seat has what is their own, and finds no organisation', async () => {
  const headers = await signedIn(world, undefined, [])
  const who = { name: 'a person without a seat', headers, holds: new Set(['person']) }
  expect(await mistakes(who)).toEqual([])
  expect((await service.send('/v1/organisations', { headers })).json).toEqual({ items: [] })
  const named = { ...headers, 'syndic-organisation': world.seats.vendor.organisation_id }
  for (const { route, address } of addresses) {
    const { status, type } = await ask(route, address, named)
    expect({ route: route.name, status, type }).toMatchObject({ status: 404, type: '/problems/not-found' })
  }
})

test("a signed-in browser changes nothing from another site's pages", async () => {
  const { origin, ...headers } = await signedIn(world, world.seats.vendor.organisation_id, ['owner'])
  for (const { route, address } of addresses.filter(({ route }) => route.method !== 'GET')) {
    for (const foreign of [
      {},
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `${origin}.evil.example` },
    ]) {
      const { status, type } = await ask(route, address, { ...headers, ...foreign })
      expect({ route: route.name, status, type }).toMatchObject({
        status: 403,
        type: '/problems/foreign-origin',
      })
    }
  }
})

describe('a mistake is found', () => {
  const rows = routePermissions as Record<string, string>

  test('a route without a row, a row without a route, a route in both tables', () => {
    const route = { method: 'GET', path: '/v1/new', name: 'GET /v1/new' }
    expect(disagreements([...routes, route], routePermissions, openRoutes)).toEqual([
      'GET /v1/new has no row',
    ])
    expect(disagreements(routes.slice(1), routePermissions, openRoutes)).toHaveLength(1)
    const both = { ...openRoutes, 'GET /v1/deals': {} }
    expect(disagreements(routes, routePermissions, both)).toEqual(['GET /v1/deals is open and closed'])
  })

  test('a row that was loosened, tightened or taken away while the service ran', async () => {
    const headers = await signedIn(world, world.seats.vendor.organisation_id, ['engineer'])
    const engineer = (holding: readonly string[]) => ({ name: 'engineer', headers, holds: new Set(holding) })
    const held = [
      'organisation.read',
      'connections.read',
      'catalog.read',
      'offers.read',
      'usage.read',
      'usage.send',
      'operations.read',
      'inbox.read',
      'keys.read',
      'keys.manage',
      'person',
    ]
    expect(await mistakes(engineer(held))).toEqual([])
    // The expectation is another one than the table's: each difference is named.
    expect(await mistakes(engineer([...held, 'ledger.manage']))).toEqual([
      'POST /v1/ledger/periods/:month/close: 403 /problems/forbidden, allowed',
      'POST /v1/ledger/periods/:month/reopen: 403 /problems/forbidden, allowed',
    ])
    const [row, need] = ['POST /v1/commitments', rows['POST /v1/commitments'] ?? '']
    const was = { ...routePermissions }
    rows[row] = 'catalog.read'
    try {
      const { route, address } = addresses.find((one) => one.route.name === row) ?? {
        route: routes[0],
        address: '',
      }
      if (route === undefined) throw new Error('There is the route')
      expect((await ask(route, address, headers)).status).not.toBe(403)
      delete rows[row]
      expect(await ask(route, address, headers)).toEqual({ status: 403, type: '/problems/forbidden' })
    } finally {
      rows[row] = need
    }
    expect(routePermissions).toEqual(was)
  })
})
