// From the listing to the signed agreements.
import { type Client, type Schemas, unwrap } from '../client/index.ts'
import {
  DIRECT_TERMS,
  EXPIRES_ON,
  GLOBEX,
  INITECH,
  LIST_PRICES,
  MARKUP,
  PRODUCT,
  RESELLER,
  WHOLESALE_TERMS,
} from './scenario.ts'
import { keyed, MINUTE, type Offered, type Seats, type Sold, type Teller } from './teller.ts'

/** Moves the clock minute by minute until a thing is in the wanted state; a refused thing ends the story. */
async function until<T extends { state: string; problems: { message: string; plain?: string }[] }>(
  teller: Teller,
  wanted: string[],
  read: () => Promise<T>,
): Promise<T> {
  for (let minute = 0; minute < 30; minute += 1) {
    const found = await read()
    if (wanted.includes(found.state)) return found
    if (found.state === 'failed')
      throw new Error(
        `The cloud refused: ${found.problems.map(({ plain, message }) => plain ?? message).join(' ')}`,
      )
    await teller.move(new Date((await teller.sandbox.now()).getTime() + MINUTE))
  }
  throw new Error(`It did not become ${wanted.join(' or ')} within half an hour of the cloud's time`)
}

type Listed = { product_id: string }

export async function publish(teller: Teller, { vendor, vendor_connection }: Seats): Promise<Listed> {
  teller.report(`The vendor publishes "${PRODUCT.name}" on AWS Marketplace.`)
  const product = unwrap(await vendor.POST('/v1/products', { params: keyed('product'), body: PRODUCT }))
  const body = { product_id: product.id, connection_id: vendor_connection, prices: LIST_PRICES }
  const { id } = unwrap(await vendor.POST('/v1/listings', { params: keyed('listing'), body }))
  await until(teller, ['live'], async () =>
    unwrap(await vendor.GET('/v1/listings/{id}', { params: { path: { id } } })),
  )
  return { product_id: product.id }
}

export async function offer(
  teller: Teller,
  { vendor, reseller, vendor_connection }: Seats,
  { product_id }: Listed,
): Promise<Offered> {
  teller.report('One private offer goes to Globex directly, one to Initech through the reseller.')
  const globex = await deal(vendor, product_id, GLOBEX, DIRECT_TERMS)
  const initech = await deal(vendor, product_id, INITECH, WHOLESALE_TERMS)
  const direct = unwrap(
    await vendor.POST('/v1/offers', {
      params: keyed('direct-offer'),
      body: { deal_id: globex, connection_id: vendor_connection, expires_on: EXPIRES_ON },
    }),
  )
  const opened = unwrap(
    await vendor.POST('/v1/resale-authorizations', {
      params: keyed('authorization'),
      body: {
        deal_id: initech,
        connection_id: vendor_connection,
        reseller_account_id: RESELLER.account_id,
        terms: WHOLESALE_TERMS,
        markup_min_percent: MARKUP.min,
        markup_max_percent: MARKUP.max,
        expires_on: EXPIRES_ON,
        single_use: true,
      },
    }),
  )
  await until(teller, ['live', 'accepted'], () => readOffer(vendor, direct.id))
  await until(teller, ['active'], async () =>
    unwrap(await vendor.GET('/v1/resale-authorizations/{id}', { params: { path: { id: opened.id } } })),
  )
  teller.report(`The reseller accepts with a markup of ${MARKUP.chosen} per cent.`)
  const resold = unwrap(
    await reseller.POST('/v1/opened-authorizations/{id}/accept', {
      params: { path: { id: opened.id }, ...keyed('accept') },
      body: { markup_percent: MARKUP.chosen, expires_on: EXPIRES_ON },
    }),
  )
  await until(teller, ['live', 'accepted'], () => readOffer(reseller, resold.id))
  return { direct_offer: direct.id, authorization: opened.id, reseller_offer: resold.id }
}

async function deal(
  client: Client,
  product_id: string,
  buyer: { account_id: string; name: string },
  terms: Schemas['Terms'],
): Promise<string> {
  const body = {
    name: `${PRODUCT.name} for ${buyer.name}`,
    product_id,
    buyer: { name: buyer.name, accounts: { aws: [buyer.account_id] } },
    terms,
  }
  return unwrap(await client.POST('/v1/deals', { params: keyed(`deal-${buyer.account_id}`), body })).id
}

async function readOffer(client: Client, id: string) {
  return unwrap(await client.GET('/v1/offers/{id}', { params: { path: { id } } }))
}

export async function sell(teller: Teller, seats: Seats, offered: Offered): Promise<Sold> {
  teller.report('Both buyers accept and sign up.')
  const { sandbox } = teller
  const { vendor, reseller } = seats
  const cloud: string[] = []
  for (const [client, id, buyer] of [
    [vendor, offered.direct_offer, GLOBEX],
    [reseller, offered.reseller_offer, INITECH],
  ] as const) {
    const { cloud_offer_id } = await readOffer(client, id)
    if (cloud_offer_id === null) throw new Error(`Offer ${id} is live without an id of the cloud`)
    const agreement = await sandbox.accept(buyer.account_id, cloud_offer_id)
    // The events of the acceptance come within two minutes; buyers take a moment longer to sign up.
    await teller.move(new Date((await sandbox.now()).getTime() + 3 * MINUTE))
    await signUp(teller, buyer.account_id, agreement)
    cloud.push(agreement)
  }
  await teller.settle()
  const known = unwrap(await vendor.GET('/v1/agreements', { params: { query: { limit: 100 } } })).items
  const [direct, resold] = cloud.map((id) => known.find((agreement) => agreement.cloud_agreement_id === id))
  if (direct?.license == null || resold?.license == null)
    throw new Error('An acceptance did not become an agreement with a license')
  return { direct_agreement: direct.id, resold_agreement: resold.id }
}

/** What the buyer's browser does: it carries the marketplace's token to the vendor's page. */
async function signUp(teller: Teller, buyer: string, agreement_id: string): Promise<void> {
  const { registration_token, fulfillment_url } = await teller.sandbox.register(buyer, agreement_id)
  const page = new URL(new URL(fulfillment_url).pathname, teller.url)
  const body = new URLSearchParams({ 'x-amzn-marketplace-token': registration_token })
  const answer = await fetch(page, { method: 'POST', body })
  if (!answer.ok) throw new Error(`The sign-up page answered ${answer.status}: ${await answer.text()}`)
}
