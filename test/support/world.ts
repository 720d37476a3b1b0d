// One deal lived to its statements, with something of every noun, for tests that look at every route. A twin is another
// tenant with the same of everything under other ids.
import { INITECH, RESELLER, VENDOR } from '../../src/demo/clouds/aws/scenario.ts'
import type { Scope } from '../../src/store/index.ts'
import { keyed, liveOffer, publish, resell, type Seats, signUp, takeSeats } from './seats.ts'
import type { Service } from './service.ts'

export type World = {
  service: Service
  seats: Seats
  product_id: string
  /** Runs work in a transaction of the vendor's, or of another tenant's. */
  tenant<T>(work: (scope: Scope) => Promise<T>, organisation_id?: string): Promise<T>
}

/** Lives the deal; it takes some seconds. */
export async function liveWorld(service: Service): Promise<World> {
  const seats = await takeSeats(service)
  const { vendor, reseller } = seats
  const product_id = await publish(service, vendor)
  const sold = await resell(service, seats, product_id)
  await signUp(service, INITECH, sold.cloud_agreement_id)
  await liveOffer(service, vendor, product_id)
  const partner = {
    name: 'Partner',
    reseller_account_id: RESELLER.account_id,
    reseller_organisation_id: reseller.organisation_id,
    share_percent: '4',
  }
  await vendor.client.POST('/v1/partners', { params: keyed(), body: partner })
  await vendor.client.POST('/v1/commitments', { params: keyed(), body: commitmentDraft('Private pricing') })
  const key = { name: 'Program', scopes: ['usage.send' as const] }
  await vendor.client.POST('/v1/api-keys', { params: keyed(), body: key })
  for (const day of ['2026-01-26T00:30:00Z', '2026-01-27T00:30:00Z']) await service.moveTo(day)
  const { store } = service.services.context
  const tenant: World['tenant'] = (work, organisation_id = vendor.organisation_id) =>
    store.inTenant(organisation_id, work)
  await tenant(fillGaps)
  return { service, seats, product_id, tenant }
}

export function commitmentDraft(name: string) {
  return {
    name,
    kind: 'cloud' as const,
    cloud: 'aws' as const,
    buyer_account_id: INITECH.account_id,
    amount: { currency: 'USD' as const, amount: '1000.00' },
    starts_on: '2026-01-01',
    ends_on: '2026-12-31',
    eligible_percent: '100',
    cap_percent: '25',
    source: 'Told by the buyer',
  }
}

/** What a deal that goes well does not leave behind. */
async function fillGaps({ organisation_id, tx, id, now }: Scope): Promise<void> {
  await tx.exception_item.create({
    data: {
      organisation_id,
      id: id('exception'),
      kind: 'other',
      subject_id: 'made for tests',
      sentence: 'Something is to be looked at.',
      fix: 'Look at it',
      state: 'open',
      created_at: now(),
    },
  })
  const [created_at, person] = [now(), 'prsn_made_for_tests']
  const connection = await tx.connection.findFirstOrThrow()
  await tx.offer_set.create({
    data: {
      organisation_id,
      id: id('offerSet'),
      connection_id: connection.id,
      name: 'Made for tests',
      buyer_notes: 'Both together',
      state: 'incomplete',
      expires_on: '2026-03-01',
      cloud_offer_set_id: 'offerset-made-for-tests',
      problems: [],
      created_at,
      updated_at: created_at,
    },
  })
  await tx.invitation.create({
    data: {
      organisation_id,
      id: id('invitation'),
      token_hash: `${organisation_id} made for tests`,
      sealed_email: '',
      roles: ['auditor'],
      invited_by: person,
      created_at,
      expires_at: created_at,
      revoked_at: created_at,
    },
  })
  await tx.approval.create({
    data: {
      organisation_id,
      id: id('approval'),
      act: 'ledger.reopen',
      subject_id: '2025-09',
      request: { asked: { month: '2025-09', reason: 'made for tests' }, foreseen: null },
      state: 'refused',
      asked_by: person,
      asked_at: created_at,
      expires_at: created_at,
      decided_by: 'prsn_decides',
      decided_at: created_at,
    },
  })
  const [partner] = await tx.partner_agreement.findMany()
  await tx.partner_statement.create({
    data: {
      organisation_id,
      id: id('partnerStatement'),
      partner_id: partner?.id ?? '',
      reseller_organisation_id: partner?.reseller_organisation_id ?? null,
      month: '2025-12',
      asset: 'USD/2',
      total: 0n,
      lines: [],
      digest: '0'.repeat(64),
      created_at: now(),
    },
  })
}

/** The vendor resells too: the other one opened something to it. */
export function openToVendor({ seats, tenant }: World): Promise<void> {
  return tenant((scope) => openTo(scope, seats.vendor.organisation_id), seats.reseller.organisation_id)
}

async function openTo({ organisation_id, tx, id, now }: Scope, reseller: string): Promise<void> {
  const terms = { kind: 'usage', currency: 'USD', duration_months: 12, usage_prices: { scans: '0.5' } }
  await tx.resale_authorization.create({
    data: {
      organisation_id,
      id: id('authorization'),
      deal_id: id('deal'),
      connection_id: id('connection'),
      cloud: 'aws',
      reseller_organisation_id: reseller,
      reseller_account_id: VENDOR.account_id,
      name: 'Opened to the vendor',
      state: 'active',
      terms,
      markup_min_percent: '0',
      markup_max_percent: '50',
      expires_on: '2030-01-01',
      single_use: false,
      buyer_account_ids: [],
      cloud_product_id: 'prod-made-for-tests',
      cloud_authorization_id: 'resaleauthz-made-for-tests',
      problems: [],
      created_at: now(),
      updated_at: now(),
    },
  })
}

/** The names of the tables that have a tenant. */
export async function tenantTables({ tx }: Scope): Promise<string[]> {
  const rows = await tx.$queryRaw<{ name: string }[]>`
    SELECT c.relname::text AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE a.attname = 'organisation_id' AND c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
    ORDER BY 1`
  return rows.map(({ name }) => name)
}

/** Every row of a table that a tenant sees, as text. */
export async function rowsOf({ tx }: Scope, table: string): Promise<string[]> {
  const rows = await tx.$queryRawUnsafe<{ row: string }[]>(
    `SELECT to_jsonb(t)::text AS row FROM "${table}" t ORDER BY 1`,
  )
  return rows.map(({ row }) => row)
}

/** Every row of a tenant, table by table. */
export async function dumpTenant(world: World, organisation_id: string): Promise<Record<string, string[]>> {
  return world.tenant(async (scope) => {
    const found: Record<string, string[]> = {}
    for (const table of await tenantTables(scope)) found[table] = await rowsOf(scope, table)
    return found
  }, organisation_id)
}

/** Ids of ours in a text: a noun's prefix, and 26 digits in base 32. */
export const OUR_IDS =
  /\b(?:org|conn|prod|lst|deal|offer|oset|auth|agr|op|att|work|msg|rec|stmt|line|match|exc|entry|com|part|pst|evt|inv|key|appr)_[0-9a-hjkmnp-z]{26}\b/g

const other = (digit: string) => (digit === '7' ? '8' : '7')
/** The id of the same thing of the twin. */
export const twinId = (id: string) => id.slice(0, -1) + other(id.at(-1) ?? '')

/** An id of the same noun that nobody has. */
export const nobodyId = (id: string) => id.replace(/[^_]{26}$/, '0'.repeat(26))

/** Text with each of our ids, and each digest, exchanged for the twin's. */
export function twinText(text: string): string {
  return text
    .replace(OUR_IDS, twinId)
    .replace(/\b[0-9a-f]{64}\b/g, (digest) => `${other(digest[0] ?? '')}${digest.slice(1)}`)
}

/** Makes the vendor's twin: a tenant with a copy of every row. */
export async function makeTwin(world: World): Promise<string> {
  const { organisation_id } = world.seats.vendor
  const twin = twinId(organisation_id)
  await world.service.services.context.store.inInstallation(({ tx, now }) =>
    tx.organisation.create({ data: { id: twin, kind: 'vendor', name: 'Twin', created_at: now() } }),
  )
  const rows = await dumpTenant(world, organisation_id)
  await world.tenant(async ({ tx }) => {
    for (const [table, texts] of Object.entries(rows)) {
      for (const text of texts) {
        const own = JSON.parse(text) as { organisation_id: string }
        if (own.organisation_id !== organisation_id) continue
        await tx.$executeRawUnsafe(
          `INSERT INTO "${table}" SELECT * FROM jsonb_populate_record(NULL::"${table}", $1::jsonb)`,
          twinText(text),
        )
      }
    }
  }, twin)
  return twin
}

/** A copy of a row of the tenant under a new id, with some columns set otherwise; answers the new id. */
export async function copyOf(
  world: World,
  table: string,
  id: string,
  change: Record<string, unknown>,
): Promise<string> {
  copies += 1
  // The last digit stays: the twin's id differs in it, and two copies must not become one there.
  const made = `${id.slice(0, -7)}${String(copies).padStart(6, '0')}${id.at(-1)}`
  await world.tenant(({ tx }) =>
    tx.$executeRawUnsafe(
      `INSERT INTO "${table}" SELECT (jsonb_populate_record(t, $2::jsonb)).* FROM "${table}" t WHERE id = $1`,
      id,
      JSON.stringify({ ...change, id: made }),
    ),
  )
  return made
}
let copies = 0
