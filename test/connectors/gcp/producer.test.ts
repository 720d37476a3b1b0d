import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CommerceTransactionClient } from '@google-cloud/commerceproducer'
import { OAuth2Client } from 'google-auth-library'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProducer, type Producer, type Rpc, routes } from '../../../connectors/gcp/wire/producer.ts'
import type { Requests } from '../../../connectors/gcp/wire/producer-requests.ts'
import { createSend } from '../../../connectors/gcp/wire/transport.ts'

/** Our client of the Commerce Producer API against the official one: the same input, the same requests and answers. */

type Seen = { method: string; path: string; query: string[]; about: string; body: unknown }

const seen: Seen[] = []
let reply: { status: number; body: unknown } = { status: 200, body: {} }
let server: Server
let official: CommerceTransactionClient
let ours: Producer

beforeAll(async () => {
  server = createServer((request, response) => {
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
  official = new CommerceTransactionClient({
    fallback: true,
    protocol: 'http',
    apiEndpoint: '127.0.0.1',
    port,
    authClient,
    projectId: 'p',
  })
  ours = createProducer(createSend(fetch), `http://127.0.0.1:${port}`)
})
afterAll(async () => {
  await official.close()
  await new Promise((resolve) => server.close(resolve))
})

const parent = 'projects/p/locations/global'
const service = `${parent}/services/ledger.endpoints.p.cloud.goog`
const offer = `${parent}/privateOffers/1`
const document = `${offer}/documents/2`
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

type Method = (request: object, options: object) => Promise<[unknown]>

async function askOfficial(rpc: Rpc, request: object): Promise<unknown> {
  const method: unknown = Reflect.get(official, rpc)
  if (typeof method !== 'function') throw new Error(`The official client has no ${rpc}`)
  const [answer] = await (method as Method).call(official, request, { autoPaginate: false })
  return answer
}

const rpcs = Object.keys(routes) as Rpc[]
const cases = rpcs.flatMap((rpc) =>
  inputs[rpc].map((input, index) => [rpc, index, input.ours, input.official ?? input.ours] as const),
)

test('all 21 methods are here', () => {
  expect(rpcs).toHaveLength(21)
  expect(rpcs.filter((rpc) => typeof Reflect.get(official, rpc) !== 'function')).toEqual([])
})

describe('the same on the wire', () => {
  test.each(cases)('%s, input %i', async (rpc, _, input, other) => {
    reply = { status: 200, body: {} }
    seen.length = 0
    await askOfficial(rpc, other)
    await ours(rpc, input as never)
    expect(seen).toHaveLength(2)
    expect(seen[1]).toEqual(seen[0])
  })
})

describe('answers are read alike', () => {
  const enums = {
    name: offer,
    singleProductOffer: {
      resellerPrivateOfferPlanId: 'plan-1',
      standardIntervalPrice: { standardInterval: 3 },
    },
    offerDealType: 4,
    term: { startPolicy: 1, endPolicy: 2 },
  }
  test.each([1, 2, 3, 4, 5, 6, 7, 'DRAFT', 'PUBLISHED', 'ENDED'])('state %s of an offer', async (state) => {
    reply = { status: 200, body: { ...enums, state } }
    const theirs = await askOfficial('getPrivateOffer', { name: offer })
    const mine = await ours('getPrivateOffer', { name: offer })
    expect(theirs).toMatchObject({ name: mine.name, state: mine.state, offerDealType: mine.offerDealType })
    expect(theirs).toMatchObject({
      term: { startPolicy: mine.term?.startPolicy, endPolicy: mine.term?.endPolicy },
    })
    expect(mine.singleProductOffer?.standardIntervalPrice?.standardInterval).toBe('MONTHLY_NOT_PRORATED')
    expect(mine.singleProductOffer?.resellerPrivateOfferPlanId).toBe('plan-1')
  })

  test.each([1, 2, 3, 4])('document type %i', async (documentType) => {
    reply = { status: 200, body: { name: document, documentType } }
    const mine = await ours('getPrivateOfferDocument', { name: document })
    const theirs = await askOfficial('getPrivateOfferDocument', { name: document })
    expect(theirs).toMatchObject({ name: mine.name, documentType: mine.documentType })
  })

  test.each([
    ['gceLicenseUsageFee', { usageCalculation: 2, machineResource: 1 }],
    ['gkePodUsageFee', { usageCalculation: 1, podResource: 4 }],
    ['aiPlatformDeployedModelUsageFee', { usageCalculation: 2 }],
    ['aiPlatformManagedModelUsageFee', { predictionMode: 2 }],
  ])('the enums of %s', async (kind, members) => {
    reply = { status: 200, body: { name: `${service}/skus/s`, skuPriceTimeline: [{ [kind]: members }] } }
    const theirs = (await askOfficial('getSku', { name: `${service}/skus/s` })) as {
      skuPriceTimeline: Record<string, unknown>[]
    }
    const mine = await ours('getSku', { name: `${service}/skus/s` })
    expect(theirs.skuPriceTimeline[0]?.[kind]).toMatchObject(mine.skuPriceTimeline?.[0]?.[kind] as object)
  })

  test('a list with its next page', async () => {
    reply = { status: 200, body: { privateOffers: [{ name: offer, state: 3 }], nextPageToken: 'n' } }
    const mine = await ours('listPrivateOffers', { parent })
    expect(mine.nextPageToken).toBe('n')
    expect(mine.privateOffers).toMatchObject([{ name: offer, state: 'PUBLISHED' }])
    expect(await askOfficial('listPrivateOffers', { parent })).toMatchObject([
      { name: offer, state: 'PUBLISHED' },
    ])
  })

  test('a state that is newer than we are stays visible', async () => {
    reply = { status: 200, body: { name: offer, state: 42 } }
    expect((await ours('getPrivateOffer', { name: offer })).state).toBe('UNKNOWN_42')
  })
})

describe('what is no answer', () => {
  test("a refusal is a fault with Google's code, as it is an error there", async () => {
    const body = { error: { code: 409, status: 'ABORTED', message: 'conflict here' } }
    reply = { status: 409, body }
    await expect(ours('getPrivateOffer', { name: offer })).rejects.toMatchObject({
      code: 'locked',
      cloudCode: 'ABORTED',
    })
    await expect(askOfficial('getPrivateOffer', { name: offer })).rejects.toMatchObject({ code: 10 })
  })

  test('another shape is a fault', async () => {
    reply = { status: 200, body: { privateOffers: 'none' } }
    await expect(ours('listPrivateOffers', { parent })).rejects.toMatchObject({ code: 'unreadable_reply' })
  })

  test.each(['', 'projects//x', 'projects/../x', 'a/./b'])('"%s" is never asked for', async (name) => {
    seen.length = 0
    await expect(ours('getPrivateOffer', { name })).rejects.toThrow('is not a resource name')
    expect(seen).toEqual([])
  })

  test('an id cannot lead elsewhere', async () => {
    reply = { status: 200, body: {} }
    seen.length = 0
    await ours('getPrivateOffer', { name: `${parent}/privateOffers/1?x=1#y:publish` })
    expect(seen[0]?.path).toBe(`/v1beta/${parent}/privateOffers/1?x=1#y:publish`)
    expect(seen[0]?.query).toEqual(['$alt=json;enum-encoding=int'])
  })
})
