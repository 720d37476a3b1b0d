// What the months left open: a few things that wait for a person, so that whoever looks first sees where work begins. It
// is told after the verdict, which asks that nothing waits.
import { type Client, type Schemas, unwrap } from '../client/index.ts'
import { openControl } from '../sandbox/model.ts'
import { keyed, type Lived, type Sold, type StoryParts, type Teller } from './teller.ts'
import { until } from './waiting.ts'
import type { Sale } from './world.ts'

/** The last day on which the renewals can be accepted: the week in which the months end. */
const LAST_DAY = '2026-05-08'
const DUE_ON = '2026-05-20'

/** Money that came to the bank without any cloud behind it, and a row that nobody can read. */
const STRAY_LINE = '2026-05-01,2026-05-01,1250.00,USD,INV 2026-0417,Umbrella Logistics,Invoice 2026-0417'
const UNREADABLE_LINE =
  '2026-04-30,2026-04-30,"4.875,50",USD,INV 2026-0398,Umbrella Logistics,Invoice 2026-0398'

export async function leaveOpen(parts: StoryParts, { vendor, reseller, deals }: Lived): Promise<void> {
  const sandbox = openControl(parts.control)
  const move = async (instant: Date) => {
    await sandbox.moveTo(instant)
    await parts.settle()
  }
  const teller: Teller = { ...parts, sandbox, move }
  parts.report('A few things are left open, for whoever looks at Home.')
  const [product] = unwrap(await vendor.GET('/v1/products')).items
  if (product === undefined) throw new Error('The story sold no product')
  const of = (cloud: string) => deals.filter(({ world }) => world.cloud === cloud)
  for (const deal of of('aws')) {
    await bundle(teller, { vendor, reseller, deals }, deal, product)
    await renew(vendor, deal, product.id)
  }
  for (const deal of of('azure')) await openAgain(vendor, deal, product.id)
  await until(teller, { vendor, reseller }, deals, [live(vendor), active(vendor)])
  // Google has no interface for resellers: this one stays with a person.
  for (const deal of of('gcp')) await openAgain(vendor, deal, product.id)
  const header = await bankHeader(teller, deals)
  await bring(vendor, 'bank-2026-05.csv', `${header}\n${STRAY_LINE}\n`)
  // It is refused, and waits for somebody who writes it anew.
  await send(vendor, 'april-by-hand.csv', `${header}\n${UNREADABLE_LINE}\n`)
  await parts.settle()
}

/** A direct offer that its buyer has not accepted yet. */
async function renew(vendor: Client, deal: Sold, product_id: string): Promise<void> {
  const body = {
    deal_id: await writeRenewal(vendor, deal, product_id, 'direct'),
    connection_id: deal.vendor_connection,
    expires_on: LAST_DAY,
  }
  unwrap(await vendor.POST('/v1/offers', { params: keyed(`${deal.world.cloud}-renewal-offer`), body }))
}

/** A second product, offered to the direct buyer together with the first one. */
async function bundle(
  teller: Teller,
  { vendor, reseller, deals }: Omit<Lived, 'sandbox'>,
  { world, vendor_connection }: Sold,
  product: Schemas['Product'],
): Promise<void> {
  const { id: _, created_at: __, ...described } = product
  const more = { ...described, name: 'Northwind Reports' }
  const { id } = unwrap(await vendor.POST('/v1/products', { params: keyed('second-product'), body: more }))
  const { prices } = world.scenario
  const listing = { product_id: id, connection_id: vendor_connection, prices }
  const path = unwrap(await vendor.POST('/v1/listings', { params: keyed('second-listing'), body: listing }))
  const read = async () => unwrap(await vendor.GET('/v1/listings/{id}', { params: { path } }))
  await until(teller, { vendor, reseller }, deals, [{ wanted: ['live'], read }])
  const { name, account_id } = world.scenario.buyers.direct
  const buyer = { name, accounts: { [world.cloud]: [account_id] } }
  const terms = renewed(world.scenario.terms.direct)
  const offers: { deal_id: string }[] = []
  for (const [index, product_id] of [product.id, id].entries()) {
    const body = { name: `${index === 0 ? product.name : more.name} for ${name}`, product_id, buyer, terms }
    const deal = unwrap(await vendor.POST('/v1/deals', { params: keyed(`bundled-deal-${index}`), body }))
    offers.push({ deal_id: deal.id })
  }
  const body = {
    connection_id: vendor_connection,
    name: `Both products for ${name}`,
    buyer_notes: 'Analytics and reports together, for one more year.',
    expires_on: LAST_DAY,
    offers,
  }
  const set = unwrap(await vendor.POST('/v1/offer-sets', { params: keyed('offer-set'), body }))
  const made = async () =>
    unwrap(await vendor.GET('/v1/offer-sets/{id}', { params: { path: { id: set.id } } }))
  await until(teller, { vendor, reseller }, deals, [{ wanted: ['released'], read: made }])
}

/** A sale that the reseller has not answered yet. */
async function openAgain(vendor: Client, deal: Sold, product_id: string): Promise<void> {
  const { world, vendor_connection } = deal
  const { sellers, markup } = world.scenario
  const deal_id = await writeRenewal(vendor, deal, product_id, 'resold')
  const body = {
    deal_id,
    connection_id: vendor_connection,
    reseller_account_id: sellers.reseller.account_id,
    terms: renewed(world.scenario.terms.resold),
    markup_min_percent: markup.min,
    markup_max_percent: markup.max,
    expires_on: LAST_DAY,
    single_use: true,
  }
  const params = keyed(`${world.cloud}-renewal-authorization`)
  unwrap(await vendor.POST('/v1/resale-authorizations', { params, body }))
}

async function writeRenewal(
  vendor: Client,
  { world }: Sold,
  product_id: string,
  sale: Sale,
): Promise<string> {
  const { name, account_id, contact } = world.scenario.buyers[sale]
  const body = {
    name: `Renewal for ${name}`,
    product_id,
    buyer: {
      name,
      accounts: { [world.cloud]: [account_id] },
      ...(contact === undefined ? {} : { contact }),
    },
    terms: renewed(world.scenario.terms[sale]),
  }
  const params = keyed(`${world.cloud}-renewal-${sale}`)
  return unwrap(await vendor.POST('/v1/deals', { params, body })).id
}

/** The same terms again, paid at once. */
function renewed(terms: Schemas['Terms']): Schemas['Terms'] {
  if (!('instalments' in terms)) return terms
  return { ...terms, instalments: [{ due_on: DUE_ON, amount: terms.total }] }
}

const first = (items: readonly { state: string; problems: { message: string }[] }[]) =>
  items[0] ?? { state: 'live', problems: [] }

const live = (vendor: Client) => ({
  wanted: ['live'],
  read: async () => {
    const query = { sort: '-created_at' as const, limit: 1 }
    return first(unwrap(await vendor.GET('/v1/offers', { params: { query } })).items)
  },
})

const active = (vendor: Client) => ({
  wanted: ['active'],
  read: async () => {
    const query = { sort: '-created_at' as const, limit: 1 }
    return first(unwrap(await vendor.GET('/v1/resale-authorizations', { params: { query } })).items)
  },
})

/** The columns as the bank itself names them. */
async function bankHeader({ sandbox }: Teller, deals: readonly Sold[]): Promise<string> {
  const account = deals[0]?.world.scenario.sellers.vendor.account_id ?? ''
  return (await sandbox.bankStatement(account)).split('\n', 1)[0] ?? ''
}

async function bring(vendor: Client, name: string, text: string): Promise<void> {
  unwrap(await send(vendor, name, text))
}

function send(vendor: Client, name: string, text: string) {
  return vendor.POST('/v1/statements', {
    params: { query: { name, source: 'bank', bank_account: 'aws' } },
    body: text,
    bodySerializer: () => text,
    headers: { 'content-type': 'text/csv' },
  })
}
