// A tenant with everything a piece of work may need: an account, a product that is listed, a deal, an agreement.
import type { AgreementRecord } from '../../connectors/connector.ts'
import { decimal } from '../../src/core/decimal.ts'
import { newId } from '../../src/core/id.ts'
import { systemRandom } from '../../src/core/random.ts'
import type { Terms } from '../../src/offers/model.ts'
import { type Scope, toJson } from '../../src/store/index.ts'
import { contract } from '../settlement/support.ts'
import { START, type World } from './processes.ts'

export type Tenant = {
  organisation_id: string
  /** In every name this tenant has at the cloud, and nowhere else: "t0007x". */
  tag: string
  account: string
  connection_id: string
  product_id: string
  deal_id: string
  listing_id: string
}

export const TERMS: Terms = {
  ...contract(['2026-01-05', '100.00'], ['2026-03-05', '200.00']),
  kind: 'contract_with_consumption',
  usage_prices: { scans: '0.5' },
} as Terms
export const STARTED = new Date('2026-01-01T00:00:00.000Z')

let numbered = 0

/** Makes a tenant through process one. `slow`: its cloud takes changes and finishes them later. */
export async function furnish(world: World, more: { slow?: boolean } = {}): Promise<Tenant> {
  numbered += 1
  const tag = `t${numbered.toString().padStart(4, '0')}x`
  const id = (noun: Parameters<typeof newId>[0]) => newId(noun, new Date(START), systemRandom)
  const tenant: Tenant = {
    organisation_id: id('organisation'),
    tag,
    account: `account-${tag}`,
    connection_id: id('connection'),
    product_id: id('product'),
    deal_id: id('deal'),
    listing_id: id('listing'),
  }
  if (more.slow) world.cloud.slow.add(tenant.account)
  await world.one.context.store.inTenant(tenant.organisation_id, (scope) => write(scope, tenant))
  return tenant
}

async function write({ tx, now, asInstallation }: Scope, tenant: Tenant): Promise<void> {
  const { organisation_id, connection_id, product_id, account, tag } = tenant
  const created_at = now()
  const own = { id: organisation_id, kind: 'vendor', name: `Vendor ${tag}`, created_at }
  await asInstallation(() => tx.organisation.create({ data: own }))
  await tx.connection.create({
    data: {
      organisation_id,
      id: connection_id,
      cloud: 'aws',
      name: 'Vendor',
      account_id: account,
      settings: {},
      sealed_credentials: '{}',
      created_at,
    },
  })
  await tx.product.create({
    data: {
      organisation_id,
      id: product_id,
      name: 'Product',
      short_description: 'short',
      long_description: 'long',
      details: {},
      created_at,
    },
  })
  await tx.dimension.createMany({
    data: (['seats', 'scans'] as const).map((key, position) => ({
      organisation_id,
      product_id,
      key,
      name: key,
      description: key,
      unit: 'unit',
      kind: key === 'seats' ? 'entitled' : 'metered',
      aggregation: 'sum',
      multiplier: '1',
      position,
    })),
  })
  await tx.listing.create({
    data: {
      organisation_id,
      id: tenant.listing_id,
      product_id,
      connection_id,
      state: 'live',
      cloud_product_id: `prod-${account}`,
      prices: { currency: 'USD', term_months: 12, entitled: {}, metered: {} },
      draft: { dimensions: [], prices: { currency: 'USD', term_months: 12, entitled: {}, metered: {} } },
      problems: [],
      created_at,
      updated_at: created_at,
    },
  })
  await tx.deal.create({
    data: {
      organisation_id,
      id: tenant.deal_id,
      name: 'Deal',
      product_id,
      buyer_name: 'Buyer',
      buyer_accounts: { aws: [`buyer-${tag}`] },
      terms: toJson(TERMS),
      state: 'open',
      created_at,
    },
  })
}

/** A private offer of the tenant, made already or on its way. */
export async function writeOffer(
  scope: Scope,
  tenant: Tenant,
  more: { state?: string; cloud_offer_id?: string; expires_on?: string } = {},
): Promise<string> {
  const id = scope.id('offer')
  const now = scope.now()
  await scope.tx.offer.create({
    data: {
      organisation_id: tenant.organisation_id,
      id,
      vendor_organisation_id: tenant.organisation_id,
      deal_id: tenant.deal_id,
      connection_id: tenant.connection_id,
      channel: 'direct',
      name: 'Offer',
      state: more.state ?? 'publishing',
      terms: toJson(TERMS),
      expires_on: more.expires_on ?? '2026-02-01',
      buyer_account_ids: [`buyer-${tenant.tag}`],
      cloud_product_id: `prod-${tenant.account}`,
      cloud_offer_id: more.cloud_offer_id ?? null,
      problems: [],
      created_at: now,
      updated_at: now,
    },
  })
  return id
}

/** An agreement that is known already. */
export async function writeAgreement(
  scope: Scope,
  tenant: Tenant,
  more: { license?: string | null; cloud_id?: string; state?: string } = {},
): Promise<string> {
  const id = scope.id('agreement')
  const now = scope.now()
  await scope.tx.agreement.create({
    data: {
      organisation_id: tenant.organisation_id,
      id,
      connection_id: tenant.connection_id,
      cloud: 'aws',
      cloud_agreement_id: more.cloud_id ?? `agmt-${tenant.tag}`,
      cloud_product_id: `prod-${tenant.account}`,
      product_code: `code-${tenant.tag}`,
      license: more.license === undefined ? `license-${tenant.account}` : more.license,
      product_id: tenant.product_id,
      deal_id: tenant.deal_id,
      role: 'seller',
      state: more.state ?? 'active',
      cloud_state: 'ACTIVE',
      buyer_account_id: `buyer-${tenant.tag}`,
      seller_account_id: tenant.account,
      currency: 'USD',
      terms: toJson(TERMS),
      entitlements: [],
      accepted_at: STARTED,
      starts_at: STARTED,
      ends_at: new Date('2027-01-01T00:00:00.000Z'),
      evidence: {},
      created_at: now,
      updated_at: now,
    },
  })
  return id
}

/** An agreement as the cloud tells it. */
export function told(tenant: Tenant, more: Partial<AgreementRecord> = {}): AgreementRecord {
  return {
    agreement_id: `agmt-${tenant.tag}`,
    role: 'seller',
    offer_id: null,
    authorization_id: null,
    product_id: `prod-${tenant.account}`,
    buyer_account_id: `buyer-${tenant.tag}`,
    seller_account_id: tenant.account,
    state: 'active',
    cloud_state: 'ACTIVE',
    accepted_at: STARTED,
    starts_at: STARTED,
    ends_at: new Date('2027-01-01T00:00:00.000Z'),
    currency: 'USD',
    value: decimal('300'),
    instalments: [],
    usage_prices: { scans: decimal('0.5') },
    grants: [],
    updated_at: new Date('2026-01-05T08:00:00.000Z'),
    license: `license-${tenant.account}`,
    evidence: { received: 'told' },
    ...more,
  }
}
