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
  await tenant((scope) => openTo(scope, vendor.organisation_id), reseller.organisation_id)
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
async function openTo({ organisation_id, tx, id, now }: Scope, reseller: string): Promise<void> {
  const terms = {
    kind: 'usage',
    currency: 'USD',
    duration_months: 12,
    usage_prices: { scans: '0.5' },
  }
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

/** An id of the same noun that nobody has. */
export const nobodyId = (id: string) => id.replace(/[^_]{26}$/, '0'.repeat(26))

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
