// The vendor and the reseller take their seats: organisations, connections on each cloud, and a share.
import { type Client, makeClient, unwrap } from '../client/index.ts'
import { PARTNER_SHARE_PERCENT } from './scenario.ts'
import { keyed, listed, type Seated, type Seats, type Teller } from './teller.ts'
import type { Seat, World } from './world.ts'

export async function takeSeats(
  teller: Teller,
  vendor: Client,
  worlds: readonly World[],
): Promise<Seats & { seated: Seated[] }> {
  const names = listed(worlds.map(({ name }) => name))
  teller.report(`The vendor and the reseller connect their seller accounts on ${names}.`)
  const [home] = unwrap(await vendor.GET('/v1/organisations', {})).items
  const [first] = worlds
  if (home === undefined || first === undefined) throw new Error('There is no organisation or no cloud')
  const { sellers } = first.scenario
  const named = { params: { path: { id: home.id }, ...keyed('vendor') }, body: { name: sellers.vendor.name } }
  unwrap(await vendor.PATCH('/v1/organisations/{id}', named))
  const organisation = unwrap(
    await vendor.POST('/v1/organisations', {
      params: keyed('reseller'),
      body: { kind: 'reseller', name: sellers.reseller.name },
    }),
  ).id
  const reseller = makeClient({ url: teller.url, key: teller.key, organisation })
  const seated: Seated[] = []
  for (const world of worlds) seated.push(await takeSeat(teller, { vendor, reseller }, world, organisation))
  return { vendor, reseller, seated }
}

async function takeSeat(
  teller: Teller,
  { vendor, reseller }: Seats,
  world: World,
  reseller_organisation_id: string,
): Promise<Seated> {
  await world.populate()
  const vendor_connection = await connect(teller, vendor, world, 'vendor')
  if (vendor_connection === null) throw new Error(`The vendor has no interface on ${world.name}`)
  const { account_id, name } = world.scenario.sellers.reseller
  const partner = unwrap(
    await vendor.POST('/v1/partners', {
      params: keyed(`${world.cloud}-partner`),
      body: {
        name,
        reseller_account_id: account_id,
        reseller_organisation_id,
        share_percent: PARTNER_SHARE_PERCENT,
      },
    }),
  )
  const reseller_connection = await connect(teller, reseller, world, 'reseller')
  return { world, vendor_connection, reseller_connection, partner: partner.id }
}

async function connect(teller: Teller, client: Client, world: World, seat: Seat): Promise<string | null> {
  const draft = await world.connection(seat)
  if (draft === undefined) return null
  const { account_id, name } = world.scenario.sellers[seat]
  const { id } = unwrap(
    await client.POST('/v1/connections', {
      params: keyed(`${world.cloud}-connection-${seat}`),
      body: { cloud: world.cloud, name: `${name} on ${world.name}`, account_id, ...draft },
    }),
  )
  const tested = unwrap(await client.POST('/v1/connections/{id}/test', { params: { path: { id } } }))
  const refused = tested.test_result?.filter((result) => !result.ok) ?? []
  if (refused.length > 0)
    throw new Error(
      `The connection lacks ${refused.map((result) => `${result.permission} (${result.detail})`).join(', ')}`,
    )
  await world.listen(seat, `${teller.url}/v1/webhooks/${id}`)
  return id
}
