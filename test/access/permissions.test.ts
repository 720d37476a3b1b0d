// What must hold of the tables whatever else is changed in them.
import { expect, test } from 'vitest'
import { allowedBy, permissionNames, roleNames } from '../../src/access/permissions.ts'
import { openRoutes, routePermissions } from '../../src/access/route-permissions.ts'

/** Which permissions a part of the API may ask for. */
const NOUNS: Readonly<Record<string, string>> = {
  organisations: 'organisation',
  members: 'members',
  invitations: 'members',
  approvals: 'approvals',
  'api-keys': 'keys',
  audit: 'audit',
  clouds: 'connections',
  connections: 'connections',
  products: 'catalog',
  listings: 'catalog',
  deals: 'offers',
  offers: 'offers',
  'resale-authorizations': 'offers',
  'opened-authorizations': 'offers',
  agreements: 'offers',
  usage: 'usage',
  statements: 'settlement',
  reconciliation: 'settlement',
  exceptions: 'settlement',
  ledger: 'ledger',
  partners: 'payouts',
  'partner-statements': 'payouts',
  commitments: 'commitments',
  'offer-sets': 'offers',
  operations: 'operations',
  inbox: 'inbox',
  trace: 'settlement',
}
/** Routes about the caller alone, and those of whoever runs the installation: looked at one by one. */
const LOOKED_AT = [
  'GET /v1/organisations',
  'POST /v1/organisations',
  'GET /v1/me',
  'PATCH /v1/me',
  'GET /v1/me/sign-in',
  'GET /v1/me/seats',
  'GET /v1/roles',
  'GET /v1/me/personal-data',
  // They look themselves which kinds of needs the caller may see; steps say that something happened, not what.
  'GET /v1/home',
  'GET /v1/guide',
  // Sums of the ledger, for whoever may read the ledger.
  'GET /v1/home/money',
  'POST /v1/guide/dismiss',
  'POST /v1/guide/resume',
  'GET /v1/sessions',
  'POST /v1/sessions/:id/end',
  'GET /v1/people',
  'GET /v1/people/:id/personal-data',
  // Whoever holds its secret, into an organisation that is not theirs yet.
  'POST /v1/invitations/accept',
  // It looks itself whether the caller is who has asked.
  'POST /v1/approvals/:id/withdraw',
  // A code is exchanged for who came: it is read once, and used up.
  'POST /v1/sign-ups/exchange',
  // Money that goes back has a permission of its own.
  'POST /v1/agreements/:id/refunds',
  // What is lost for good is decided by whoever answers for the money.
  'POST /v1/usage/write-off',
  // It looks itself whether the caller is that person or runs the installation.
  'POST /v1/people/:id/erase',
]

/** Rows that ask for less than they should: a change for the permission to read, or another noun's permission. */
function looseRows(rows: Readonly<Record<string, string>>): string[] {
  return Object.entries(rows).flatMap(([route, need]) => {
    if (LOOKED_AT.includes(route)) return []
    const [method, path = ''] = route.split(' ')
    // Who moves the embedded clouds may also look at them, and nobody else.
    if (path.startsWith('/v1/sandbox')) return need === 'sandbox.manage' ? [] : [`${route} asks for ${need}`]
    const noun = NOUNS[path.split('/')[2] ?? '']
    const reads = need.endsWith('.read')
    return need.split('.')[0] === noun && (method === 'GET') === reads ? [] : [`${route} asks for ${need}`]
  })
}

test('a read asks for the permission to read its noun, and a change for the one to change it', () => {
  expect(looseRows(routePermissions)).toEqual([])
})

test.each([
  ['POST /v1/connections', 'connections.read'],
  ['POST /v1/commitments', 'catalog.manage'],
  ['GET /v1/ledger/entries', 'signed_in'],
  ['GET /v1/new', 'catalog.read'],
  ['POST /v1/sandbox/pay', 'offers.manage'],
])('a row that was loosened is found: %s for %s', (route, need) => {
  expect(looseRows({ ...routePermissions, [route]: need })).toEqual([`${route} asks for ${need}`])
})

test('every permission is asked for somewhere or waits for its routes', () => {
  const asked = new Set<string>(Object.values(routePermissions))
  const known = new Set<string>([...permissionNames, 'operator', 'signed_in', 'person'])
  expect([...asked].filter((need) => !known.has(need))).toEqual([])
})

test('the auditor and every key that reads change nothing, and only owners manage the organisation', () => {
  expect([...allowedBy(['auditor'])].filter((name) => !name.endsWith('.read'))).toEqual([])
  expect(roleNames.filter((role) => allowedBy([role]).has('organisation.manage'))).toEqual(['owner'])
  expect([...allowedBy(['owner'])].sort()).toEqual([...permissionNames].sort())
  for (const money of ['ledger.manage', 'payouts.manage', 'settlement.manage'] as const) {
    expect(roleNames.filter((role) => allowedBy([role]).has(money))).toEqual(['owner', 'finance'])
  }
})

test('no door is open to the data of a tenant', () => {
  const doors = Object.keys(openRoutes).filter((route) => route.includes(' /v1/'))
  expect(doors).toEqual(['POST /v1/webhooks/:connection_id'])
})
