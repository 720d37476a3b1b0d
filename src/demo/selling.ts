// From the listing to the signed agreements.
import { type Schemas, unwrap } from '../client/index.ts'
import { EXPIRES_ON, PRODUCT } from './scenario.ts'
import {
  keyed,
  listed,
  MINUTE,
  type Offered,
  readOffer,
  type Seated,
  type Seats,
  type Sold,
  type Teller,
} from './teller.ts'
import { until, type Wait } from './waiting.ts'
import type { Sale } from './world.ts'

/** One product, listed on every cloud at the prices that fit the cloud. Answers its id. */
export async function publish(teller: Teller, seats: Seats, seated: readonly Seated[]): Promise<string> {
  const names = listed(seated.map(({ world }) => world.name))
  teller.report(`The vendor publishes "${PRODUCT.name}" on ${names}.`)
  const { vendor } = seats
  const { id } = unwrap(await vendor.POST('/v1/products', { params: keyed('product'), body: PRODUCT }))
  const waits: Wait[] = []
  for (const { world, vendor_connection } of seated) {
    const body = { product_id: id, connection_id: vendor_connection, prices: world.scenario.prices }
    const params = keyed(`${world.cloud}-listing`)
    const listing = unwrap(await vendor.POST('/v1/listings', { params, body }))
    const path = { id: listing.id }
    const read = async () => unwrap(await vendor.GET('/v1/listings/{id}', { params: { path } }))
    waits.push({ wanted: ['live'], read })
  }
  await until(teller, seats, seated, waits)
  return id
}

/** On each cloud one offer goes to a buyer directly, and one is opened to the reseller. */
export async function offer(
  teller: Teller,
  seats: Seats,
  seated: readonly Seated[],
  product_id: string,
): Promise<Offered[]> {
  const drafts: { deal: Seated; direct_offer: string; authorization: string }[] = []
  const { vendor } = seats
  for (const deal of seated) {
    const { buyers } = deal.world.scenario
    teller.report(
      `On ${deal.world.name} a private offer goes to ${buyers.direct.name}, and one is opened to the reseller for ${buyers.resold.name}.`,
    )
    const direct_offer = await offerDirectly(seats, deal, product_id)
    drafts.push({ deal, direct_offer, authorization: await authorize(seats, deal, product_id) })
  }
  const readAuthorization = async (id: string) =>
    unwrap(await vendor.GET('/v1/resale-authorizations/{id}', { params: { path: { id } } }))
  await until(
    teller,
    seats,
    seated,
    drafts.flatMap(({ direct_offer, authorization }): Wait[] => [
      { wanted: ['live', 'accepted'], read: () => readOffer(vendor, direct_offer) },
      { wanted: ['active'], read: () => readAuthorization(authorization) },
    ]),
  )
  return resell(teller, seats, drafts)
}

async function offerDirectly({ vendor }: Seats, deal: Seated, product_id: string): Promise<string> {
  const { world, vendor_connection } = deal
  const deal_id = await writeDeal({ vendor }, deal, product_id, 'direct')
  const body = { deal_id, connection_id: vendor_connection, expires_on: EXPIRES_ON }
  return unwrap(await vendor.POST('/v1/offers', { params: keyed(`${world.cloud}-direct-offer`), body })).id
}

async function authorize({ vendor }: Seats, deal: Seated, product_id: string): Promise<string> {
  const { world, vendor_connection } = deal
  const { sellers, terms, markup } = world.scenario
  const body = {
    deal_id: await writeDeal({ vendor }, deal, product_id, 'resold'),
    connection_id: vendor_connection,
    reseller_account_id: sellers.reseller.account_id,
    terms: terms.resold,
    markup_min_percent: markup.min,
    markup_max_percent: markup.max,
    expires_on: EXPIRES_ON,
    single_use: true,
  }
  const params = keyed(`${world.cloud}-authorization`)
  return unwrap(await vendor.POST('/v1/resale-authorizations', { params, body })).id
}

async function writeDeal(
  { vendor }: Pick<Seats, 'vendor'>,
  { world }: Seated,
  product_id: string,
  sale: Sale,
): Promise<string> {
  const { name, account_id, contact } = world.scenario.buyers[sale]
  const terms: Schemas['Terms'] = world.scenario.terms[sale]
  const body = {
    name: `${PRODUCT.name} for ${name}`,
    product_id,
    buyer: {
      name,
      accounts: { [world.cloud]: [account_id] },
      ...(contact === undefined ? {} : { contact }),
    },
    terms,
  }
  return unwrap(await vendor.POST('/v1/deals', { params: keyed(`${world.cloud}-deal-${sale}`), body })).id
}

/** The reseller accepts with its markup where it is connected; elsewhere it works in the cloud's own pages. */
async function resell(
  teller: Teller,
  seats: Seats,
  drafts: readonly { deal: Seated; direct_offer: string; authorization: string }[],
): Promise<Offered[]> {
  const { reseller } = seats
  const offered: Offered[] = []
  for (const { deal, direct_offer, authorization } of drafts) {
    const { name, cloud, scenario } = deal.world
    teller.report(`On ${name} the reseller accepts with a markup of ${scenario.markup.chosen} per cent.`)
    const accepted =
      deal.reseller_connection === null
        ? undefined
        : unwrap(
            await reseller.POST('/v1/opened-authorizations/{id}/accept', {
              params: { path: { id: authorization }, ...keyed(`${cloud}-accept`) },
              body: { markup_percent: scenario.markup.chosen, expires_on: EXPIRES_ON },
            }),
          )
    offered.push({ ...deal, direct_offer, authorization, reseller_offer: accepted?.id ?? null })
  }
  await until(
    teller,
    seats,
    offered,
    offered.flatMap(({ reseller_offer }): Wait[] =>
      reseller_offer === null
        ? []
        : [{ wanted: ['live', 'accepted'], read: () => readOffer(reseller, reseller_offer) }],
    ),
  )
  return offered
}

export async function sell(teller: Teller, seats: Seats, offered: readonly Offered[]): Promise<Sold[]> {
  const buyers = offered.flatMap(({ world }) => Object.values(world.scenario.buyers).map(({ name }) => name))
  teller.report(`${listed(buyers)} accept and sign up.`)
  const bought: { deal: Offered; direct: string; resold: string }[] = []
  for (const deal of offered) {
    const direct = await deal.world.buy('direct', await cloudOffer(seats, deal, 'direct'))
    const resold = await deal.world.buy('resold', await cloudOffer(seats, deal, 'resold'))
    bought.push({ deal, direct, resold })
  }
  // The messages about an acceptance come within two minutes; buyers take a moment longer to sign up.
  await teller.move(new Date((await teller.sandbox.now()).getTime() + 3 * MINUTE))
  for (const { deal, direct, resold } of bought) {
    await signUp(teller, deal, 'direct', direct)
    await signUp(teller, deal, 'resold', resold)
  }
  const known = async (id: string) => {
    const { items } = unwrap(await seats.vendor.GET('/v1/agreements', { params: { query: { limit: 100 } } }))
    return items.find((agreement) => agreement.cloud_agreement_id === id)
  }
  // An agreement is there when it is active and the buyer was here.
  const read = async (id: string) => {
    const agreement = await known(id)
    return { state: agreement?.signed_up_at == null ? 'unknown' : agreement.state, problems: [] }
  }
  const waits = bought
    .flatMap(({ direct, resold }) => [direct, resold])
    .map((id): Wait => ({ wanted: ['active'], read: () => read(id) }))
  await until(teller, seats, offered, waits)
  const sold: Sold[] = []
  for (const { deal, direct, resold } of bought) {
    const agreements = { direct: await known(direct), resold: await known(resold) }
    if (agreements.direct === undefined || agreements.resold === undefined)
      throw new Error('An acceptance did not become an agreement')
    const commitments = [
      await promise(seats, deal, 'direct', agreements.direct.buyer_account_id),
      await promise(seats, deal, 'resold', agreements.resold.buyer_account_id),
    ]
    sold.push({
      ...deal,
      direct_agreement: agreements.direct.id,
      resold_agreement: agreements.resold.id,
      commitments,
    })
  }
  return sold
}

/** The cloud's id of what the buyer is to accept. */
async function cloudOffer({ vendor, reseller }: Seats, deal: Offered, sale: Sale): Promise<string> {
  if (sale === 'resold' && deal.reseller_offer === null) {
    const { authorization, world } = deal
    const path = { id: authorization }
    const opened = unwrap(await vendor.GET('/v1/resale-authorizations/{id}', { params: { path } }))
    if (world.resell === undefined || opened.cloud_authorization_id === null)
      throw new Error(`Nobody can make the reseller's offer on ${world.name}`)
    return world.resell(opened.cloud_authorization_id)
  }
  const made =
    sale === 'direct'
      ? await readOffer(vendor, deal.direct_offer)
      : await readOffer(reseller, deal.reseller_offer ?? '')
  if (made.cloud_offer_id === null) throw new Error(`Offer ${made.id} is live without an id of the cloud`)
  return made.cloud_offer_id
}

/** What the buyer's browser does: it carries the marketplace's token to the vendor's page. */
async function signUp(teller: Teller, { world }: Offered, sale: Sale, agreement_id: string): Promise<void> {
  const { address, form } = await world.visit(sale, agreement_id)
  const { pathname, search } = new URL(address)
  const page = new URL(`${pathname}${search}`, teller.url)
  const answer =
    form === undefined
      ? await fetch(page)
      : await fetch(page, { method: 'POST', body: new URLSearchParams(form) })
  if (!answer.ok) throw new Error(`The sign-up page answered ${answer.status}: ${await answer.text()}`)
}

/** What a buyer promised its cloud to spend; told at signing, when the cloud's id of the buyer is known. */
async function promise(
  { vendor }: Seats,
  { world }: Offered,
  sale: Sale,
  buyer_account_id: string,
): Promise<string> {
  const { amount, cap_percent } = world.scenario.promises[sale]
  const body = {
    name: `${world.scenario.buyers[sale].name}, private pricing 2026`,
    kind: 'cloud' as const,
    cloud: world.cloud,
    buyer_account_id,
    amount: { currency: 'USD' as const, amount },
    starts_on: '2026-01-01',
    ends_on: '2026-12-31',
    eligible_percent: '100',
    cap_percent,
    source: 'Told by the buyer at signing',
  }
  const params = keyed(`${world.cloud}-commitment-${sale}`)
  return unwrap(await vendor.POST('/v1/commitments', { params, body })).id
}
