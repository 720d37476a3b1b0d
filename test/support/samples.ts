// A request for every route that changes something, with a body that is taken: what tests of all writes send. A new
// write needs its line here.

import { unwrap } from '../../src/client/index.ts'
import { sha256 } from '../../src/core/canonical.ts'
import { HOUR_MS, plus } from '../../src/core/time.ts'
import { LIST_PRICES, RESELLER, WHOLESALE_TERMS } from '../../src/demo/clouds/aws/scenario.ts'
import { PRODUCT } from '../../src/demo/scenario.ts'
import { newPerson } from '../access/callers.ts'
import { seatSamples } from './samples-seats.ts'
import { describeProduct } from './seats.ts'
import { commitmentDraft, copyOf, type World } from './world.ts'

/** What is sent; a text is sent as CSV, everything else as JSON. */
export type Sample = {
  path: string
  body?: unknown
  /** Another body that would be taken too; without one, the address takes none. */
  other?: unknown
  /** Who sends it, if not the vendor. */
  seat?: 'vendor' | 'reseller'
  /** The credentials of whose own thing it is. */
  headers?: Record<string, string>
}

const LAST_DAY = '2026-03-01'
/** After the last day an offer is open to, and before the agreement would end. */
const later = (date: string) => date.replace('-01-', '-07-').replace('-03-', '-09-')
const TERMS = {
  ...WHOLESALE_TERMS,
  ...('instalments' in WHOLESALE_TERMS
    ? { instalments: WHOLESALE_TERMS.instalments.map((one) => ({ ...one, due_on: later(one.due_on) })) }
    : {}),
}

/** The first thing that the vendor has of a kind. */
async function first({ tenant }: World, table: string): Promise<string> {
  const rows = await tenant(({ tx, organisation_id }) =>
    tx.$queryRawUnsafe<{ id: string }[]>(
      `SELECT id FROM "${table}" WHERE organisation_id = $1 ORDER BY id LIMIT 1`,
      organisation_id,
    ),
  )
  const [row] = rows
  if (row === undefined) throw new Error(`The world has no ${table}`)
  return row.id
}

async function copyOfFirst(world: World, table: string, change: Record<string, unknown>): Promise<string> {
  return copyOf(world, table, await first(world, table), change)
}

async function newDeal(world: World, n: string): Promise<string> {
  return copyOfFirst(world, 'deal', { name: `Deal ${n}`, terms: TERMS })
}

const soldAgreement = (world: World, n: string, change: Record<string, unknown> = {}) =>
  copyOfFirst(world, 'agreement', {
    role: 'seller',
    state: 'active',
    cloud_agreement_id: `agmt-${n}`,
    ...change,
  })

/** The code of a buyer who was led on to the vendor's own page. */
async function visitCode({ tenant, seats }: World, code: string): Promise<string> {
  const code_hash = await sha256(code)
  await tenant(({ tx, organisation_id, id, wall }) =>
    tx.sign_up_visit.create({
      data: {
        organisation_id,
        id: id('visit'),
        connection_id: seats.vendor.connection_id,
        kind: 'redirect',
        code_hash,
        buyer_account_id: '300000000001',
        created_at: wall(),
        expires_at: plus(wall(), HOUR_MS),
      },
    }),
  )
  return code
}

/** A request that the cloud has and nobody has decided. */
async function openRequest(world: World, subject_id: string): Promise<string> {
  const asked = { kind: 'cancellation', reason: 'OTHER', words: null }
  return copyOfFirst(world, 'operation', {
    kind: 'agreement.request',
    state: 'accepted',
    subject_id,
    key: `request-${subject_id}`,
    reference: `cancellation agmt-1 acr-${subject_id}`,
    request: { agreement_id: 'agmt-1', asked },
  })
}

/** A deal for a product of its own, so that nothing else stands in its way. */
async function dealBody({ product_id }: World, n: string) {
  return {
    name: `Deal ${n}`,
    product_id,
    buyer: { name: 'Initech', accounts: { aws: ['222233334444'] } },
    terms: TERMS,
  }
}

const connectionOf = ({ seats }: World) => seats.vendor.connection_id

const bankFile = (amount: string) =>
  `booked_on,value_on,amount,currency,reference,counterparty,description\n2026-01-09,2026-01-09,${amount},USD,TRACE,AMAZON,paid\n`

const openAuthorization = (world: World, n: string) =>
  copyOfFirst(world, 'resale_authorization', {
    state: 'active',
    expires_on: LAST_DAY,
    reseller_organisation_id: world.seats.reseller.organisation_id,
    cloud_authorization_id: `authorization-${n}`,
  })

/** A share of the partner's that no statement has yet. */
async function share(world: World, partner_id: string, month: string): Promise<void> {
  const agreement_id = await first(world, 'agreement')
  await world.tenant(({ tx, organisation_id, now }) =>
    tx.partner_share.create({
      data: {
        organisation_id,
        line_key: `made for tests of ${month}`,
        partner_id,
        agreement_id,
        month,
        asset: 'USD/2',
        basis: 10_000n,
        share_percent: '4',
        rounded: 400n,
        occurred_at: now(),
        recorded_at: now(),
      },
    }),
  )
}

/** A live listing of a product of its own, as the first one is at the cloud. */
async function liveListing(world: World, n: string, change: Record<string, unknown> = {}): Promise<string> {
  const product_id = await describeProduct(world.seats.vendor.client, { name: `Live ${n}` })
  return copyOfFirst(world, 'listing', { product_id, state: 'live', problems: [], ...change })
}

/** The cloud does not know the listing any more, and usage waits for it. */
const GONE = {
  differences: [
    { field: 'listing', ours: 'live', theirs: null },
    {
      field: 'dimensions.scans',
      ours: 'metered',
      theirs: null,
      stops: { dimension: 'scans', reason: 'missing' },
    },
  ],
  held: ['scans'],
}

/** A listing, on a connection of its own, of which the cloud knows the product by another name than we do. */
async function vanished(world: World, n: string) {
  const { client, secrets } = world.seats.vendor
  const [access_key_id = '', secret_access_key = ''] = secrets
  const account_id = n.replace(/\D/g, '').padStart(12, '8').slice(-12)
  const credentials = { access_key_id, secret_access_key }
  const body = { cloud: 'aws' as const, name: `Second ${n}`, account_id, credentials, settings: {} }
  const { id: connection_id } = unwrap(await client.POST('/v1/connections', { body }))
  const { cloud_product_id } = await world.tenant(({ tx }) =>
    tx.listing.findFirstOrThrow({ where: { connection_id: connectionOf(world) }, orderBy: { id: 'asc' } }),
  )
  const change = { ...GONE, connection_id, cloud_product_id: `prod-gone-${n}` }
  return { id: await liveListing(world, n, change), cloud_product_id }
}

/** A listing that is gone, with a record of an agreement on it that waits. */
async function waitingUsage(world: World, n: string): Promise<string> {
  const cloud_product_id = `prod-gone-${n}`
  const agreement_id = await soldAgreement(world, n, { cloud_product_id })
  await world.tenant(({ tx, organisation_id, id, now }) =>
    tx.usage_record.create({
      data: {
        organisation_id,
        id: id('record'),
        connection_id: connectionOf(world),
        agreement_id,
        dimension: 'scans',
        hour: new Date('2026-01-05T10:00:00Z'),
        source_hour: new Date('2026-01-05T10:00:00Z'),
        quantity: '3',
        state: 'pending',
        attempts: 0,
        deadline_at: plus(now(), HOUR_MS),
        created_at: now(),
      },
    }),
  )
  return liveListing(world, n, { ...GONE, cloud_product_id })
}

async function draftOfFirst(world: World): Promise<{ theirs: unknown }> {
  const id = await first(world, 'listing')
  const { draft } = await world.tenant(({ tx, organisation_id }) =>
    tx.listing.findUniqueOrThrow({ where: { organisation_id_id: { organisation_id, id } } }),
  )
  return { theirs: draft }
}

/** Deals of products of their own, which can be offered together. */
async function dealsTogether(world: World, n: string): Promise<string[]> {
  const deals: string[] = []
  for (const part of ['one', 'two']) {
    const change = { cloud_product_id: `prod-${n}-${part}` }
    const listing = await liveListing(world, `${n} ${part}`, change)
    const { product_id } = await world.tenant(({ tx }) =>
      tx.listing.findFirstOrThrow({ where: { id: listing } }),
    )
    deals.push(await copyOfFirst(world, 'deal', { name: `Deal ${n} ${part}`, terms: TERMS, product_id }))
  }
  return deals
}

/** A set with two live offers, one of which was not made. */
async function incompleteSet(world: World, n: string): Promise<string> {
  const id = await copyOfFirst(world, 'offer_set', {
    connection_id: connectionOf(world),
    state: 'incomplete',
  })
  for (const part of ['one', 'two']) {
    const change = { state: 'live', connection_id: connectionOf(world), offer_set_id: id }
    await copyOfFirst(world, 'offer', { ...change, cloud_offer_id: `offer-${n}-${part}` })
  }
  return id
}

export type Make = (world: World, n: string) => Promise<Sample>

/** By route, as the router names it. `n` is another text each time. */
export const samples: Readonly<Record<string, Make>> = {
  ...seatSamples,
  'POST /v1/organisations': async (_, n) => ({
    path: '/v1/organisations',
    body: { kind: 'reseller', name: `Made ${n}` },
    other: { kind: 'vendor', name: `Made ${n}` },
  }),
  'PATCH /v1/organisations/:id': async ({ seats }, n) => ({
    path: `/v1/organisations/${seats.vendor.organisation_id}`,
    body: { name: `Named ${n}` },
    other: { name: `Otherwise ${n}` },
  }),
  'POST /v1/api-keys': async (_, n) => ({
    path: '/v1/api-keys',
    body: { name: `Key ${n}`, scopes: ['catalog.read'] },
    other: { name: `Key ${n}`, scopes: ['offers.read'] },
  }),
  'POST /v1/api-keys/:id/revoke': async (world, n) => ({
    path: `/v1/api-keys/${await copyOfFirst(world, 'api_key', { token_hash: n.replace(/\D/g, '').padStart(64, '0'), revoked_at: null })}/revoke`,
  }),
  'POST /v1/connections': async (_, n) => {
    const body = {
      cloud: 'aws',
      name: `Account ${n}`,
      account_id: n.replace(/\D/g, '').padStart(12, '3').slice(-12),
      credentials: { access_key_id: 'AKIA0000000000000000', secret_access_key: `secret of ${n}` },
      settings: {},
    }
    return { path: '/v1/connections', body, other: { ...body, name: `Other ${n}` } }
  },
  'PATCH /v1/connections/:id': async (world, n) => ({
    path: `/v1/connections/${connectionOf(world)}`,
    body: { name: `Named ${n}` },
    other: { name: `Otherwise ${n}` },
  }),
  'POST /v1/connections/:id/test': async (world) => ({ path: `/v1/connections/${connectionOf(world)}/test` }),
  'POST /v1/products': async (_, n) => ({
    path: '/v1/products',
    body: { ...PRODUCT, name: `Product ${n}` },
    other: { ...PRODUCT, name: `Other ${n}` },
  }),
  'POST /v1/listings': async (world, n) => {
    const product_id = await describeProduct(world.seats.vendor.client, { name: `Listed ${n}` })
    const body = { product_id, connection_id: connectionOf(world), prices: LIST_PRICES }
    return {
      path: '/v1/listings',
      body,
      other: { ...body, prices: { ...LIST_PRICES, entitled: { seats: '1300' } } },
    }
  },
  'POST /v1/products/:id/dimensions': async (world, n) => {
    const product_id = await describeProduct(world.seats.vendor.client, { name: `Counted ${n}` })
    const body = { key: `more-${n}`, name: 'More', description: 'More of it', unit: 'Units', kind: 'metered' }
    return {
      path: `/v1/products/${product_id}/dimensions`,
      body,
      other: { ...body, name: 'Much more' },
    }
  },
  'POST /v1/listings/:id/update': async (world, n) => ({
    path: `/v1/listings/${await liveListing(world, n)}/update`,
    body: { title: `Told ${n}` },
    other: { title: `Told otherwise ${n}` },
  }),
  'POST /v1/listings/:id/visibility': async (world, n) => ({
    path: `/v1/listings/${await liveListing(world, n)}/visibility`,
    body: { to: 'restricted', replacement_listing_id: await first(world, 'listing') },
    other: { to: 'limited' },
  }),
  'POST /v1/listings/:id/read': async (world, n) => ({
    path: `/v1/listings/${await liveListing(world, n)}/read`,
  }),
  'POST /v1/listings/:id/adopt': async (world, n) => {
    const { theirs } = await draftOfFirst(world)
    const differences = [{ field: 'title', ours: 'Ours', theirs: 'Theirs' }]
    return {
      path: `/v1/listings/${await liveListing(world, n, { theirs, differences })}/adopt`,
    }
  },
  'POST /v1/listings/:id/link': async (world, n) => {
    const { id, cloud_product_id } = await vanished(world, n)
    const body = { cloud_product_id }
    return { path: `/v1/listings/${id}/link`, body, other: { cloud_product_id: `prod-other-${n}` } }
  },
  'POST /v1/listings/:id/release': async (world, n) => ({
    path: `/v1/listings/${await liveListing(world, n, GONE)}/release`,
  }),
  'POST /v1/deals': async (world, n) => {
    const body = { ...(await dealBody(world, n)), replaces_agreement_id: await first(world, 'agreement') }
    return { path: '/v1/deals', body, other: { ...body, name: `Other ${n}` } }
  },
  'POST /v1/offers': async (world, n) => {
    const body = {
      deal_id: await newDeal(world, n),
      connection_id: connectionOf(world),
      expires_on: LAST_DAY,
    }
    return { path: '/v1/offers', body, other: { ...body, name: 'Another name' } }
  },
  'POST /v1/offers/:id/expiry': async (world, n) => {
    const change = { state: 'live', connection_id: connectionOf(world), cloud_offer_id: `offer-${n}` }
    return {
      path: `/v1/offers/${await copyOfFirst(world, 'offer', change)}/expiry`,
      body: { expires_on: LAST_DAY },
      other: { expires_on: '2026-03-02' },
    }
  },
  'POST /v1/offer-sets': async (world, n) => {
    const offers = (await dealsTogether(world, n)).map((deal_id) => ({ deal_id }))
    const texts = { name: `Set ${n}`, buyer_notes: 'Both together' }
    const body = { ...texts, connection_id: connectionOf(world), expires_on: LAST_DAY, offers }
    return { path: '/v1/offer-sets', body, other: { ...body, name: `Other ${n}` } }
  },
  'POST /v1/offer-sets/:id/offers': async (world, n) => {
    const [deal_id] = await dealsTogether(world, n)
    const id = await copyOfFirst(world, 'offer_set', {
      connection_id: connectionOf(world),
      state: 'incomplete',
    })
    return {
      path: `/v1/offer-sets/${id}/offers`,
      body: { deal_id },
      other: { deal_id, name: 'Another name' },
    }
  },
  'POST /v1/offer-sets/:id/release': async (world, n) => ({
    path: `/v1/offer-sets/${await incompleteSet(world, n)}/release`,
  }),
  'POST /v1/offer-sets/:id/expiry': async (world, n) => ({
    path: `/v1/offer-sets/${await incompleteSet(world, n)}/expiry`,
    body: { expires_on: LAST_DAY },
    other: { expires_on: '2026-03-02' },
  }),
  'POST /v1/resale-authorizations': async (world, n) => {
    const body = {
      deal_id: await newDeal(world, n),
      connection_id: connectionOf(world),
      reseller_account_id: RESELLER.account_id,
      terms: TERMS,
      markup_min_percent: '5',
      markup_max_percent: '20',
      expires_on: LAST_DAY,
      single_use: true,
    }
    return { path: '/v1/resale-authorizations', body, other: { ...body, markup_max_percent: '21' } }
  },
  'POST /v1/resale-authorizations/:id/restrict': async (world, n) => ({
    path: `/v1/resale-authorizations/${await openAuthorization(world, n)}/restrict`,
  }),
  'POST /v1/opened-authorizations/:id/accept': async (world, n) => ({
    seat: 'reseller',
    path: `/v1/opened-authorizations/${await openAuthorization(world, n)}/accept`,
    body: { markup_percent: '12.5', expires_on: '2026-02-20' },
    other: { markup_percent: '13', expires_on: '2026-02-20' },
  }),
  'POST /v1/opened-authorizations/:id/decline': async (world, n) => ({
    seat: 'reseller',
    path: `/v1/opened-authorizations/${await openAuthorization(world, n)}/decline`,
    body: { reason: 'Not our market' },
    other: { reason: 'Too dear' },
  }),
  'PUT /v1/connections/:id/sign-up-page': async (world, n) => ({
    path: `/v1/connections/${connectionOf(world)}/sign-up-page`,
    body: { text: `Welcome ${n}` },
    other: { text: `Otherwise ${n}` },
  }),
  'POST /v1/sign-ups/exchange': async (world, n) => ({
    path: '/v1/sign-ups/exchange',
    body: { code: await visitCode(world, `${n}`) },
    other: { code: await visitCode(world, `other ${n}`) },
  }),
  'POST /v1/agreements/:id/forget-contact': async (world, n) => ({
    path: `/v1/agreements/${await soldAgreement(world, n)}/forget-contact`,
  }),
  'POST /v1/agreements/:id/activate': async (world, n) => ({
    path: `/v1/agreements/${await copyOfFirst(world, 'agreement', { state: 'pending', cloud_agreement_id: `agmt-${n}` })}/activate`,
  }),
  'POST /v1/agreements/:id/cancellations': async (world, n) => ({
    path: `/v1/agreements/${await soldAgreement(world, n)}/cancellations`,
    body: { reason: 'TEST_AGREEMENT' },
    other: { reason: 'OTHER', words: 'They asked for it' },
  }),
  'POST /v1/agreements/:id/payments': async (world, n) => ({
    path: `/v1/agreements/${await soldAgreement(world, n)}/payments`,
    body: { name: 'Migration', amount: { currency: 'USD', amount: '12.50' } },
    other: { name: 'Migration', amount: { currency: 'USD', amount: '13.50' } },
  }),
  'POST /v1/agreements/:id/refunds': async (world, n) => ({
    path: `/v1/agreements/${await soldAgreement(world, n)}/refunds`,
    body: { invoice_id: 'inv-1', reason: 'OTHER', amount: { currency: 'USD', amount: '12.50' } },
    other: { invoice_id: 'inv-1', reason: 'OTHER', amount: { currency: 'USD', amount: '13.50' } },
  }),
  'POST /v1/agreements/:id/requests/:request_id/withdraw': async (world, n) => {
    const id = await soldAgreement(world, n)
    return {
      path: `/v1/agreements/${id}/requests/${await openRequest(world, id)}/withdraw`,
      body: { words: 'A mistake' },
      other: { words: 'Another mistake' },
    }
  },
  'POST /v1/usage': async (world, n) => {
    const subject = await first(world, 'agreement')
    const event = (quantity: string) => ({
      id: `event-${n}`,
      source: 'test',
      time: '2026-01-26T10:10:00Z',
      subject,
      type: 'scans',
      data: { quantity },
    })
    return { path: '/v1/usage', body: { events: [event('1')] }, other: { events: [event('2')] } }
  },
  'POST /v1/usage/write-off': async (world, n) => {
    const body = { listing_id: await waitingUsage(world, n), note: `Written off ${n}` }
    return { path: '/v1/usage/write-off', body, other: { ...body, note: `Written off otherwise ${n}` } }
  },
  'POST /v1/statements': async (_, n) => ({
    path: `/v1/statements?source=bank&bank_account=main&name=${n}.csv`,
    body: bankFile('10.00'),
    other: bankFile('11.00'),
  }),
  'POST /v1/statements/:id/retry': async (world, n) => ({
    path: `/v1/statements/${await copyOfFirst(world, 'statement', { name: `copy-${n}`, state: 'refused' })}/retry`,
  }),
  'POST /v1/exceptions/:id/resolve': async (world, n) => ({
    path: `/v1/exceptions/${await copyOfFirst(world, 'exception_item', { subject_id: `copy-${n}`, state: 'open' })}/resolve`,
    body: { note: 'Looked at' },
    other: { note: 'Looked at twice' },
  }),
  'POST /v1/ledger/periods/:month/close': async (world) => {
    await world.tenant(({ tx }) => tx.closed_period.deleteMany({ where: { month: '2025-10' } }))
    return { path: '/v1/ledger/periods/2025-10/close' }
  },
  'POST /v1/partners': async (_, n) => {
    const body = { name: `Partner ${n}`, reseller_account_id: `account ${n}`, share_percent: '4' }
    return { path: '/v1/partners', body, other: { ...body, share_percent: '5' } }
  },
  'POST /v1/partner-statements': async (world) => {
    const partner_id = await first(world, 'partner_agreement')
    await world.tenant(async ({ tx }) => {
      await tx.partner_statement.deleteMany({ where: { month: { in: ['2025-10', '2025-11'] } } })
      await tx.partner_share.deleteMany()
    })
    for (const month of ['2025-10', '2025-11']) await share(world, partner_id, month)
    return {
      path: '/v1/partner-statements',
      body: { partner_id, month: '2025-11' },
      other: { partner_id, month: '2025-10' },
    }
  },
  'POST /v1/commitments': async (_, n) => ({
    path: '/v1/commitments',
    body: commitmentDraft(`Commitment ${n}`),
    other: commitmentDraft(`Other ${n}`),
  }),
  'POST /v1/operations/:id/complete': async (world, n) => ({
    path: `/v1/operations/${await copyOfFirst(world, 'operation', { key: `by-hand-${n}`, state: 'waiting_for_person', finished_at: null })}/complete`,
    body: { outcome: 'succeeded', target: { product_id: 'prod-by-hand' }, evidence: 'Seen' },
    other: { outcome: 'succeeded', target: { product_id: 'prod-by-hand' }, evidence: 'Seen twice' },
  }),
  'POST /v1/operations/:id/owner': async (world, n) => {
    const { id } = await newPerson(world, world.seats.vendor.organisation_id, ['offers'])
    const change = { key: `owned-${n}`, state: 'waiting_for_person', finished_at: null }
    return {
      path: `/v1/operations/${await copyOfFirst(world, 'operation', change)}/owner`,
      body: { owner: id },
      other: { owner: null },
    }
  },
}

/** Routes that only ask, although they take a body: nothing is written, so that nothing is to be repeated. */
export const questions: Readonly<Record<string, Make>> = {
  'POST /v1/deals/check': async (world, n) => ({
    path: '/v1/deals/check',
    body: {
      deal: { ...(await dealBody(world, n)), replaces_agreement_id: await first(world, 'agreement') },
      connection_ids: [connectionOf(world)],
      expires_on: LAST_DAY,
    },
  }),
}
