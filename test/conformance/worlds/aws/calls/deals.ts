// Calls about what was sold: agreements, requests about them, usage, money and messages.
import { decimal } from '../../../../../src/core/decimal.ts'
import type { CallRow } from '../../../calls/trials.ts'
import { claim, given } from '../../../claims.ts'
import { facet, lastHour, running, sold, usageOf } from '../../../deal.ts'
import { told } from '../../../messages.ts'
import type { Market } from '../../../world.ts'
import { requestRows } from './requests.ts'
import { stable } from './selling.ts'

const agreementRows: CallRow[] = [
  {
    name: 'agreements.pull',
    async prepare(market) {
      await sold(market)
      const { pull } = facet(market, 'agreements')
      return async () => ({ call: () => pull(market.vendor, null), same: stable })
    },
  },
  {
    name: 'agreements.read',
    async prepare(market) {
      const { bought } = await sold(market)
      const { read } = facet(market, 'agreements')
      return async () => ({ call: () => read(market.vendor, bought.agreement_id), same: stable })
    },
  },
  {
    name: 'agreements.entitlements',
    async prepare(market) {
      const { product, record } = await sold(market)
      const { entitlements } = facet(market, 'agreements')
      const license = given(record.license, 'licence')
      const code = product.product_code ?? ''
      return async () => ({
        call: () => given(entitlements, 'method')(market.vendor, code, license),
        same: stable,
      })
    },
  },
  {
    name: 'agreements.agreementsOf',
    async prepare(market) {
      const { product, record } = await sold(market)
      const { agreementsOf } = facet(market, 'agreements')
      const { offer_id } = record
      const customer = { customer: 'unknown', product_code: product.product_code ?? '', offer_id }
      return async () => ({
        call: () => given(agreementsOf, 'method')(market.vendor, customer),
        same: stable,
      })
    },
  },
  {
    name: 'agreements.resolve',
    async prepare(market) {
      const { bought } = await sold(market)
      const token = await market.deeds.token(bought)
      const { resolve } = facet(market, 'agreements')
      return async () => ({ call: () => resolve(market.vendor, token), same: stable })
    },
  },
]

const HOURS = 20

const meteringRows: CallRow[] = [
  {
    name: 'metering.report',
    async prepare(market) {
      const deal = await running(market)
      await market.move({ by: `PT${HOURS}H` })
      const service = 'meteringmarketplace'
      // There are more cells than the service takes in a second.
      await market.control('/throttles', { service, operation: 'BatchMeterUsage', rate_per_second: null })
      const { report } = facet(market, 'metering')
      return async (number) => {
        const hour = lastHour(market, number + 1)
        const record = usageOf(market, deal, { hour, quantity: decimal(`${1000 + number}`) })
        return {
          async call() {
            const { answers } = await report(market.vendor, [record])
            claim(
              answers.every(({ status }) => status === 'accepted'),
              'It is taken',
            )
          },
          effects: async () =>
            (await market.seen.usage()).filter(({ quantity }) => quantity === `${1000 + number}`).length,
        }
      }
    },
  },
]

async function feeds(market: Market): Promise<string> {
  await sold(market)
  await market.move({ to: '2026-09-18T12:00:00Z' })
  const { items } = await facet(market, 'settlements').pull(market.vendor, null)
  return given(items[0]?.name, 'file')
}

const settlementRows: CallRow[] = [
  {
    name: 'settlements.pull',
    async prepare(market) {
      await feeds(market)
      const { pull } = facet(market, 'settlements')
      return async () => ({ call: () => pull(market.vendor, null), same: stable })
    },
  },
  {
    name: 'settlements.fetchFile',
    without: { 'ten megabytes': 'A file may be as long as it likes, and is read as it comes' },
    async prepare(market) {
      const name = await feeds(market)
      const { fetchFile } = facet(market, 'settlements')
      return async () => ({
        call: async () => new Response(await fetchFile(market.vendor, name)).text(),
        same: stable,
      })
    },
  },
]

const no_keys = 'The page is public: nobody proves who they are'

const webhookRows: CallRow[] = [
  {
    name: 'webhooks.verify',
    without: { 'expired token': no_keys },
    async prepare(market) {
      const { request } = await told(market, { proved: false })
      const { verify } = facet(market, 'webhooks')
      return async (number) => {
        // A query makes the certificate's address a new one, so that it is fetched anew.
        const body = request.body.replace('.pem"', `.pem?${number}"`)
        return {
          async call() {
            const answer = await verify(market.vendor, { ...request, body })
            claim(answer.ok, 'It is believed')
            return answer
          },
        }
      }
    },
  },
  {
    name: 'webhooks.confirm',
    unread: true,
    without: { 'expired token': no_keys },
    async prepare(market) {
      const { verify, confirm } = facet(market, 'webhooks')
      return async () => {
        const answer = await verify(market.vendor, await market.messages.askToConfirm())
        const url = given(answer.ok ? answer.message.confirm_url : undefined, 'address')
        return {
          call: () => given(confirm, 'method')(market.vendor, url),
          effects: async () => ((await market.messages.confirmed()) ? 1 : 0),
        }
      }
    },
  },
]

const connectionRows: CallRow[] = [
  {
    name: 'test',
    tells: true,
    async prepare({ connector, vendor }) {
      return async () => ({
        call: () => connector.test(vendor),
        same: (answer) => {
          claim(Array.isArray(answer) && answer.every((one) => one.ok === true), 'All is well')
          return answer.length
        },
      })
    },
  },
]

export const dealRows: readonly CallRow[] = [
  ...connectionRows,
  ...agreementRows,
  ...requestRows,
  ...meteringRows,
  ...settlementRows,
  ...webhookRows,
]
