// One deal, end to end, through the HTTP API alone. Every step may be run again: writes carry keys of their own, and
// what the outside world did already is found, not repeated. So a story that was interrupted anywhere goes on.
import { type Client, makeClient, type Schemas, unwrap } from '../client/index.ts'
import { openSandbox, type Sandbox } from './sandbox.ts'
import {
  COMMITMENTS,
  DIRECT_TERMS,
  ENDS_AT,
  EXPIRES_ON,
  GLOBEX,
  INITECH,
  LIST_PRICES,
  MARKUP,
  PARTNER_SHARE_PERCENT,
  PRODUCT,
  RESELLER,
  SENT_TWICE,
  STARTS_AT,
  USAGE_FROM,
  USAGE_HOURS,
  type UsageEvent,
  usageEvents,
  VENDOR,
  WHOLESALE_TERMS,
} from './scenario.ts'

export type StoryParts = {
  url: string
  key: string
  control: string
  /** Lets the service do all work that is due. */
  settle(): Promise<unknown>
  /** Told at each step what is being lived. */
  report(sentence: string): void
}

/** The nouns the story made, for whoever looks at the end. */
export type Lived = {
  vendor: Client
  reseller: Client
  sandbox: Sandbox
  vendor_connection: string
  reseller_connection: string
  direct_offer: string
  authorization: string
  reseller_offer: string
  direct_agreement: string
  resold_agreement: string
  partner: string
  commitments: string[]
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export async function live(parts: StoryParts): Promise<Lived> {
  const sandbox = openSandbox(parts.control)
  const vendor = makeClient({ url: parts.url, key: parts.key })
  const teller: Teller = { ...parts, sandbox, move: (instant) => moveTo(parts, sandbox, instant) }
  await sandbox.stopClock()
  const seats = await takeSeats(teller, vendor)
  const listed = await publish(teller, seats)
  const offered = await offer(teller, seats, listed)
  const sold = await sell(teller, seats, offered)
  await use(teller, seats, sold)
  await waitForPayouts(teller, seats)
  return { sandbox, ...seats, ...offered, ...sold }
}

type Teller = StoryParts & { sandbox: Sandbox; move(instant: Date): Promise<void> }

async function moveTo(parts: StoryParts, sandbox: Sandbox, instant: Date): Promise<void> {
  await sandbox.moveTo(instant)
  await parts.settle()
}

function keyed(key: string) {
  return { header: { 'idempotency-key': `story-${key}` } }
}

type Seats = Pick<
  Lived,
  'vendor' | 'reseller' | 'vendor_connection' | 'reseller_connection' | 'partner' | 'commitments'
>

async function takeSeats(teller: Teller, vendor: Client): Promise<Seats> {
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

async function publish(teller: Teller, { vendor, vendor_connection }: Seats): Promise<Listed> {
  teller.report(`The vendor publishes "${PRODUCT.name}" on AWS Marketplace.`)
  const product = unwrap(await vendor.POST('/v1/products', { params: keyed('product'), body: PRODUCT }))
  const body = { product_id: product.id, connection_id: vendor_connection, prices: LIST_PRICES }
  const { id } = unwrap(await vendor.POST('/v1/listings', { params: keyed('listing'), body }))
  await until(teller, ['live'], async () =>
    unwrap(await vendor.GET('/v1/listings/{id}', { params: { path: { id } } })),
  )
  return { product_id: product.id }
}

type Offered = Pick<Lived, 'direct_offer' | 'authorization' | 'reseller_offer'>

async function offer(
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

type Sold = Pick<Lived, 'direct_agreement' | 'resold_agreement'>

async function sell(teller: Teller, seats: Seats, offered: Offered): Promise<Sold> {
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

async function use(teller: Teller, { vendor }: Seats, sold: Sold): Promise<void> {
  teller.report(`${USAGE_HOURS} hours of usage: some events twice, some late, most of them fractional.`)
  const events = usageEvents()
  const from = Date.parse(USAGE_FROM)
  for (let hour = 0; hour < USAGE_HOURS + 4; hour += 1) {
    await teller.move(new Date(from + (hour + 1) * HOUR - MINUTE))
    const now = events.filter((event) => event.sent_in_hour === hour)
    const sent = [...now, ...now.filter(SENT_TWICE)]
    for (const agreement of [sold.direct_agreement, sold.resold_agreement])
      await sendUsage(vendor, agreement, sent)
    // A quarter of an hour later the hour is closed and reported.
    await teller.move(new Date(from + (hour + 1) * HOUR + 15 * MINUTE))
  }
}

async function sendUsage(client: Client, agreement: string, events: UsageEvent[]): Promise<void> {
  if (events.length === 0) return
  const body = {
    events: events.map((event) => ({
      id: `${agreement}-${event.id}`,
      source: 'warehouse',
      time: event.at,
      subject: agreement,
      type: 'scans',
      data: { quantity: event.quantity },
    })),
  }
  const answer = unwrap(await client.POST('/v1/usage', { body }))
  const bad = ('events' in answer ? answer.events : [answer]).filter(
    (result) => result.status !== 'accepted' && result.status !== 'replayed',
  )
  if (bad.length > 0) throw new Error(`Usage was not taken: ${JSON.stringify(bad)}`)
}

async function waitForPayouts(teller: Teller, seats: Seats): Promise<void> {
  teller.report('Months pass: AWS invoices, the buyers pay, AWS disburses, the bank statement arrives.')
  const end = Date.parse(ENDS_AT)
  for (;;) {
    const now = (await teller.sandbox.now()).getTime()
    if (now >= end) break
    const next = new Date(Math.min(now + DAY, end))
    if (next.getUTCDate() === 1) teller.report(`It is ${next.toISOString().slice(0, 10)}.`)
    await teller.move(next)
  }
  for (const [client, account] of [
    [seats.vendor, VENDOR.account_id],
    [seats.reseller, RESELLER.account_id],
  ] as const) {
    const text = await teller.sandbox.bankStatement(account)
    unwrap(
      await client.POST('/v1/statements', {
        params: { query: { name: `bank-${account}-2026-04.csv`, source: 'bank', bank_account: 'main' } },
        body: text,
        bodySerializer: () => text,
        headers: { 'content-type': 'text/csv' },
      }),
    )
  }
  await teller.settle()
  const month = STARTS_AT.slice(0, 4)
  for (const number of ['02', '03', '04']) {
    const body = { partner_id: seats.partner, month: `${month}-${number}` }
    unwrap(await seats.vendor.POST('/v1/partner-statements', { params: keyed(`partner-${number}`), body }))
  }
  await teller.settle()
}
