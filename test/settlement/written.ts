// A seat whose cloud's files are written by the test: read by the real connector, without a cloud behind it.
import { azureConnector } from '../../connectors/azure/index.ts'
import type { Cloud, Connector } from '../../connectors/connector.ts'
import { gcpConnector } from '../../connectors/gcp/index.ts'
import { seededRandom } from '../../src/core/random.ts'
import { wallClock } from '../../src/core/time.ts'
import type { Terms } from '../../src/offers/model.ts'
import { toJson } from '../../src/store/index.ts'
import { testContext } from '../support/context.ts'
import { type Seat, seat } from './market.ts'

export type Cells = Readonly<Record<string, string>>

/** Rows of one file; the first one has every column. */
export function csv(...rows: Cells[]): string {
  const columns = Object.keys(rows[0] ?? {})
  const lines = rows.map((row) => columns.map((column) => row[column] ?? '').join(','))
  return `${[columns.join(','), ...lines].join('\n')}\n`
}

const offline: typeof fetch = async (input) => {
  throw new Error(`Nothing is asked of a cloud here: ${String(input)}`)
}

export async function writtenSeat(cloud: 'azure' | 'gcp', start: string): Promise<Seat> {
  const connectors: Partial<Record<Cloud, Connector>> = {}
  const context = await testContext({ start, connectors })
  const clocks = { business: context.clock, wall: wallClock }
  const parts = { fetch: offline, clocks, random: seededRandom(1), config: { endpoints: {} } }
  const connector = cloud === 'azure' ? azureConnector(parts) : gcpConnector(parts)
  connectors[cloud] = connector
  const nobody = async () => {
    throw new Error('There is no sandbox here')
  }
  const market = {
    cloud,
    context,
    connector,
    control: nobody,
    move: nobody,
    close: () => context.close(),
  }
  return seat(market, { id: 'conn_vendor', account_id: 'vendor', credentials: {}, settings: {} })
}

/** An agreement of a private offer, accepted on the first of September 2026. */
export async function agreed(
  { tenant, market }: Seat,
  id: string,
  terms: Terms,
  more: { role?: 'seller' | 'manufacturer' } = {},
): Promise<void> {
  const accepted_at = new Date('2026-09-01T00:00:00Z')
  await tenant(({ tx, organisation_id }) =>
    tx.agreement.create({
      data: {
        organisation_id,
        id,
        connection_id: 'conn_vendor',
        cloud: market.cloud,
        cloud_agreement_id: `cloud-${id}`,
        cloud_offer_id: `offer-${id}`,
        product_id: 'prod_p1',
        role: more.role ?? 'seller',
        state: 'active',
        cloud_state: 'Subscribed',
        buyer_account_id: 'buyer',
        seller_account_id: 'vendor',
        currency: terms.currency,
        terms: toJson(terms),
        entitlements: [],
        accepted_at,
        starts_at: accepted_at,
        evidence: {},
        created_at: accepted_at,
        updated_at: accepted_at,
      },
    }),
  )
}
