// Inputs of every method of the Commerce Producer API, and the two clients that must send the same for them: ours and the
// official package.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CommerceTransactionClient } from '@google-cloud/commerceproducer'
import { OAuth2Client } from 'google-auth-library'
import { createProducer, type Rpc, routes } from '../../../connectors/gcp/wire/producer.ts'
import type { Requests } from '../../../connectors/gcp/wire/producer-requests.ts'
import { createSend } from '../../../connectors/gcp/wire/transport.ts'

/** A request as it arrived. */
type Seen = { method: string; path: string; query: string[]; about: string; body: unknown }

export const parent = 'projects/p/locations/global'
export const service = `${parent}/services/ledger.endpoints.p.cloud.goog`
export const offer = `${parent}/privateOffers/1`
export const document = `${offer}/documents/2`
const los = { id: 'America/Los_Angeles' }
const day = (month: number, date: number) => ({ year: 2026, month, day: date, timeZone: los })
const privateOffer: Requests['createPrivateOffer']['privateOffer'] = {
  title: 'Deal',
  offerDealType: 'NATIVE_RENEWAL',
  internalNote: 'syndic offer_1 abc',
  customerNote: 'Hello',
  partnerContact: { contact: 'Vera', email: 'vera@vendor.example' },
  customer: {
    targetBillingAccount: 'billingAccounts/012345-567890-ABCDEF',
    entityTitle: 'Buyer',
    contact: 'Bea',
    email: 'bea@buyer.example',
  },
  acceptDeadlineTime: day(12, 1),
  term: {
    startPolicy: 'SCHEDULED_START_TIME',
    scheduledStartTime: day(12, 15),
    endPolicy: 'AFTER_DURATION',
    durationMonths: 12,
    maxRenewalCount: 1,
  },
  singleProductOffer: {
    baseStandardOffer: `${service}/standardOffers/o`,
    amendedPrivateOffer: `${parent}/privateOffers/0`,
    customIntervalPrice: {
      installments: [
        {
          startTime: day(12, 15),
          priceModel: {
            flatFee: { flatFeeOverride: { currencyCode: 'USD', units: '1000', nanos: 500_000_000 } },
            usage: {
              skuDiscounts: [{ sku: `${service}/skus/s`, discountPercent: { value: '12.5' } }],
            },
          },
        },
      ],
    },
    features: [{ displayName: 'seats', value: '100' }],
  },
}

/** One or more inputs for each of the 21 methods; `official` is told where the official package spells it otherwise. */
const inputs: { [R in Rpc]: { ours: Requests[R]; official?: object }[] } = {
  listServices: [{ ours: { parent } }, { ours: { parent, pageSize: 5, pageToken: 'a b/c=' } }],
  getService: [
    { ours: { name: service } },
    { ours: { name: service, view: 'FULL' }, official: { name: service, view: 2 } },
  ],
  listPrivateOffers: [
    {
      ours: {
        parent,
        pageSize: 500,
        filter: 'update_time > "2026-01-01T00:00:00Z"',
        orderBy: 'update_time desc',
      },
    },
  ],
  getPrivateOffer: [
    { ours: { name: offer, view: 'FULL' }, official: { name: offer, view: 2 } },
    { ours: { name: offer, view: 'BASIC' }, official: { name: offer, view: 1 } },
  ],
  resolveAmendmentTarget: [
    {
      ours: {
        parent,
        targetBillingAccount: 'billingAccounts/012345-567890-ABCDEF',
        baseStandardOffer: `${service}/standardOffers/o`,
      },
    },
  ],
  createPrivateOffer: [{ ours: { parent, privateOffer } }],
  updatePrivateOffer: [
    {
      ours: {
        privateOffer: { name: offer, acceptDeadlineTime: day(12, 20), title: 'New' },
        updateMask: 'accept_deadline_time,title',
      },
      official: {
        privateOffer: { name: offer, acceptDeadlineTime: day(12, 20), title: 'New' },
        updateMask: { paths: ['accept_deadline_time', 'title'] },
      },
    },
  ],
  publishPrivateOffer: [{ ours: { name: offer, validateOnly: true } }, { ours: { name: offer } }],
  cancelPrivateOffer: [{ ours: { name: offer, cancellationNote: 'Gone.' } }],
  deletePrivateOffer: [{ ours: { name: offer, force: true } }, { ours: { name: offer } }],
  listPrivateOfferDocuments: [{ ours: { parent: offer, pageSize: 3 } }],
  getPrivateOfferDocument: [{ ours: { name: document } }],
  createPrivateOfferDocument: [
    {
      ours: {
        parent: offer,
        privateOfferDocument: {
          documentType: 'CUSTOM_END_USER_LICENSE_AGREEMENT',
          mimeType: 'application/pdf',
          inlineContent: 'JVBERi0xLjQ=',
        },
      },
    },
    {
      ours: {
        parent: offer,
        privateOfferDocument: { documentType: 'STANDARD_END_USER_LICENSE_AGREEMENT_V2' },
      },
    },
  ],
  updatePrivateOfferDocument: [
    {
      ours: {
        privateOfferDocument: { name: document, documentType: 'STATEMENT_OF_WORK' },
        updateMask: 'document_type',
      },
      official: {
        privateOfferDocument: { name: document, documentType: 'STATEMENT_OF_WORK' },
        updateMask: { paths: ['document_type'] },
      },
    },
  ],
  deletePrivateOfferDocument: [{ ours: { name: document } }],
  listStandardOffers: [
    { ours: { parent: service, pageSize: 10, filter: 'expire_time > "2026-01-01T00:00:00Z"' } },
  ],
  getStandardOffer: [
    {
      ours: { name: `${service}/standardOffers/o`, view: 'FULL' },
      official: { name: `${service}/standardOffers/o`, view: 2 },
    },
  ],
  getSku: [{ ours: { name: `${service}/skus/s` } }],
  listSkus: [{ ours: { parent: service, pageSize: 500 } }],
  getSkuGroup: [{ ours: { name: `${parent}/skuGroups/g` } }],
  listSkuGroups: [{ ours: { parent, pageToken: 'next' } }],
}

export const rpcs = Object.keys(routes) as Rpc[]
export const cases = rpcs.flatMap((rpc) =>
  inputs[rpc].map((input, index) => [rpc, index, input.ours, input.official ?? input.ours] as const),
)

type Method = (request: object, options: object) => Promise<[unknown]>

/** Both clients in front of a server that keeps what it is asked and answers what it is told to. */
export async function openProducers() {
  const seen: Seen[] = []
  const reply: { status: number; body: unknown } = { status: 200, body: {} }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://host')
      const text = Buffer.concat(chunks).toString()
      seen.push({
        method: request.method ?? '',
        path: decodeURIComponent(url.pathname),
        query: [...url.searchParams.entries()].map(([name, value]) => `${name}=${value}`).sort(),
        about: String(request.headers['x-goog-request-params'] ?? ''),
        body: text === '' ? undefined : JSON.parse(text),
      })
      response.writeHead(reply.status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(reply.body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const authClient = new OAuth2Client()
  authClient.setCredentials({ access_token: 'token', expiry_date: Date.now() + 3_600_000 })
  const official = new CommerceTransactionClient({
    fallback: true,
    protocol: 'http',
    apiEndpoint: '127.0.0.1',
    port,
    authClient,
    projectId: 'p',
  })
  return {
    seen,
    reply,
    has: (rpc: Rpc) => typeof Reflect.get(official, rpc) === 'function',
    ours: createProducer(createSend(fetch), `http://127.0.0.1:${port}`),
    async askOfficial(rpc: Rpc, request: object): Promise<unknown> {
      const method: unknown = Reflect.get(official, rpc)
      if (typeof method !== 'function') throw new Error(`The official client has no ${rpc}`)
      const [answer] = await (method as Method).call(official, request, { autoPaginate: false })
      return answer
    },
    async close() {
      await official.close()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
