// What a buyer and its cloud do after a sale, through the panel's buttons: each is seen to have been done.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, makeClient, unwrap } from '../../src/client/index.ts'
import { sandbox } from '../../src/console/words/sandbox.ts'
import { keyed } from '../support/seats.ts'
import { lacksChromium } from './chromium.ts'
import { beFirst, type House, openHouse } from './house.ts'
import { type Person, personAt } from './person.ts'

const words = sandbox.afterSale
const PRODUCT = {
  name: 'Own Analytics',
  short_description: 'Dashboards.',
  long_description: 'Dashboards and alerts.',
  details: {
    highlights: ['Quick'],
    keywords: ['analytics'],
    categories: ['Data Catalogs'],
    logo_url: 'https://example.com/logo.png',
    support: 'support@example.com',
    refund_policy: 'Within 30 days.',
  },
  dimensions: [
    {
      key: 'seats',
      name: 'Seats',
      unit: 'Users',
      kind: 'entitled' as const,
      description: 'Counted',
      aggregation: 'sum' as const,
      multiplier: '1',
    },
  ],
}

describe.skipIf(lacksChromium())('after a sale, on the panel', () => {
  let house: House
  let ada: Person
  beforeAll(async () => {
    house = await openHouse({ lived: false })
    ada = await personAt(house)
    await beFirst(house, ada.page)
  })
  afterAll(() => house?.close())

  /** Two live offers to one buyer, who chooses its quantities and may renew. */
  async function offerTwo(client: Client): Promise<void> {
    const connected = await client.POST('/v1/sandbox/connect', { params: keyed(), body: { cloud: 'aws' } })
    const connection_id = unwrap(connected).id
    const product_id = unwrap(await client.POST('/v1/products', { params: keyed(), body: PRODUCT })).id
    const prices = { currency: 'USD' as const, term_months: 12, entitled: { seats: '1200' }, metered: {} }
    unwrap(
      await client.POST('/v1/listings', { params: keyed(), body: { product_id, connection_id, prices } }),
    )
    const made = { cloud: 'aws' as const, name: 'Globex' }
    const globex = unwrap(await client.POST('/v1/sandbox/buyers', { params: keyed(), body: made }))
    await until(client, async () => unwrap(await client.GET('/v1/listings', {})).items[0]?.state === 'live')
    for (const name of ['First deal', 'Second deal']) {
      const deal = await client.POST('/v1/deals', {
        params: keyed(),
        body: {
          name,
          product_id,
          buyer: { name: 'Globex', accounts: { aws: [globex.account_id] } },
          terms: {
            kind: 'configurable',
            currency: 'USD',
            rates: [{ duration_months: 12, prices: { seats: '1200' } }],
            usage_prices: {},
          },
        },
      })
      const options = { renewal: { price_increase_percent: '5' } }
      const body = { deal_id: unwrap(deal).id, connection_id, expires_on: '2026-01-31', options }
      unwrap(await client.POST('/v1/offers', { params: keyed(), body }))
    }
    await until(client, async () => unwrap(await client.GET('/v1/sandbox', {})).offers.length === 2)
  }

  /** Lets time pass until something holds. */
  async function until(client: Client, holds: () => Promise<boolean>): Promise<void> {
    for (let count = 0; count < 12 && !(await holds()); count += 1) {
      unwrap(await client.POST('/v1/sandbox/clock', { params: keyed(), body: { by: 'PT30M' } }))
      const rests = async () => unwrap(await client.GET('/v1/sandbox', {})).moving === null
      await expect.poll(rests, { timeout: 60_000, interval: 300 }).toBe(true)
    }
    expect(await holds()).toBe(true)
  }

  test('a vendor has two live offers', async () => {
    const { key, url } = house.server
    const everywhere = unwrap(await makeClient({ url, key }).GET('/v1/organisations', {})).items
    const organisation = everywhere.find(({ kind }) => kind === 'vendor')?.id ?? ''
    await offerTwo(makeClient({ url, key, organisation }))
  })

  test('one offer is declined, which asks once more; the other one is accepted', async () => {
    await ada.open('/sandbox')
    await ada.confirm(/^Decline as Globex: /, sandbox.outside.decline)
    await ada.page.getByText(sandbox.outside.declined).first().waitFor()
  })

  test('what was accepted is renewed or not, and its buyer takes more of it', async () => {
    // The first one was declined.
    const accept = ada.main.getByRole('button', { name: sandbox.outside.acceptAs('Globex'), exact: true })
    await accept.last().click()
    await ada.sees(words.ends)
    await ada.press(/^Renew it: /)
    await ada.sees(words.renews)
    await ada.press(/^Do not renew: /)
    await ada.sees(words.ends)
    await ada.fill({ [words.quantity('seats', 1)]: '3' })
    await ada.press(/^Take more: /)
    await ada.sees(words.quantity('seats', 3))
  })

  test('its two invoices are forgiven, one after the other, and are open no more', async () => {
    const open = ada.main.getByText(/^Invoice \d+ of USD/)
    await expect.poll(() => open.count(), { timeout: 60_000 }).toBe(2)
    for (const left of [1, 0]) {
      await ada.confirm(words.forgive, words.forgive)
      await expect.poll(() => open.count(), { timeout: 60_000 }).toBe(left)
    }
    expect(ada.found).toEqual([])
    expect(house.logged.filter(({ event }) => event === 'request.failed')).toEqual([])
  })
})
