// The vendor and the reseller take their seats: accounts, connections, a share, promises to spend.
import { type Client, makeClient, unwrap } from '../client/index.ts'
import { COMMITMENTS, GLOBEX, INITECH, PARTNER_SHARE_PERCENT, RESELLER, VENDOR } from './scenario.ts'
import { keyed, type Seats, type Teller } from './teller.ts'

export async function takeSeats(teller: Teller, vendor: Client): Promise<Seats> {
  teller.report('The vendor and the reseller connect their seller accounts.')
  const { sandbox } = teller
  const [home] = unwrap(await vendor.GET('/v1/organisations', {})).items
  if (home === undefined) throw new Error('The installation has no organisation')
  const named = { params: { path: { id: home.id }, ...keyed('vendor') }, body: { name: VENDOR.name } }
  unwrap(await vendor.PATCH('/v1/organisations/{id}', named))
  for (const buyer of [GLOBEX, INITECH]) await sandbox.account({ role: 'buyer', country: 'US', ...buyer })
  const reseller_organisation = unwrap(
    await vendor.POST('/v1/organisations', {
      params: keyed('reseller'),
      body: { kind: 'reseller', name: RESELLER.name },
    }),
  )
  const reseller = makeClient({ url: teller.url, key: teller.key, organisation: reseller_organisation.id })
  const vendor_connection = await connect(teller, vendor, VENDOR)
  const reseller_connection = await connect(teller, reseller, RESELLER)
  const partner = unwrap(
    await vendor.POST('/v1/partners', {
      params: keyed('partner'),
      body: {
        name: RESELLER.name,
        reseller_account_id: RESELLER.account_id,
        reseller_organisation_id: reseller_organisation.id,
        share_percent: PARTNER_SHARE_PERCENT,
      },
    }),
  )
  const commitments: string[] = []
  for (const { buyer, name, amount, cap_percent } of COMMITMENTS) {
    const body = {
      name,
      kind: 'cloud' as const,
      cloud: 'aws' as const,
      buyer_account_id: buyer.account_id,
      amount: { currency: 'USD' as const, amount },
      starts_on: '2026-01-01',
      ends_on: '2026-12-31',
      eligible_percent: '100',
      cap_percent,
      source: 'Told by the buyer at signing',
    }
    commitments.push(
      unwrap(await vendor.POST('/v1/commitments', { params: keyed(`commitment-${buyer.account_id}`), body }))
        .id,
    )
  }
  return { vendor, reseller, vendor_connection, reseller_connection, partner: partner.id, commitments }
}

async function connect(
  teller: Teller,
  client: Client,
  seller: { account_id: string; name: string },
): Promise<string> {
  const { sandbox, url } = teller
  const { access_key_id, secret_access_key, feed_bucket } = await sandbox.account({
    role: 'seller',
    country: 'US',
    ...seller,
  })
  const { id } = unwrap(
    await client.POST('/v1/connections', {
      params: keyed(`connection-${seller.account_id}`),
      body: {
        cloud: 'aws',
        name: `${seller.name} on AWS`,
        account_id: seller.account_id,
        credentials: { access_key_id, secret_access_key },
        settings: feed_bucket === undefined ? {} : { feed_bucket },
      },
    }),
  )
  const tested = unwrap(await client.POST('/v1/connections/{id}/test', { params: { path: { id } } }))
  const refused = tested.test_result?.filter((result) => !result.ok) ?? []
  if (refused.length > 0)
    throw new Error(
      `The connection lacks ${refused.map((result) => `${result.permission} (${result.detail})`).join(', ')}`,
    )
  await sandbox.eventsTo(seller.account_id, `${url}/v1/webhooks/${id}`)
  return id
}
