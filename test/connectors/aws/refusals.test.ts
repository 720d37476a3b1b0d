// What AWS refuses about a seller or its documents, through the real connector: plain words, with the cloud's code kept.
import { afterEach, expect, test } from 'vitest'
import { instalmentsOf } from '../../../src/offers/model.ts'
import { type AwsMarket, awsMarket } from '../../settlement/aws-market.ts'
import { facet } from '../../settlement/market.ts'
import { contract } from '../../settlement/support.ts'
import { privateOffer, vendorAccount } from './support.ts'

let market: AwsMarket
afterEach(() => market.close())

const url = 'https://legal.s3.us-east-1.amazonaws.com/terms.pdf'

/** What a private offer with a document of one's own comes to. */
async function offered(marker = 'offer_1') {
  const offers = facet(market, 'offers')
  const { connection } = market.vendor
  const instalments = instalmentsOf(contract(['2026-09-20', '600.00']))
  const draft = { ...privateOffer, product_id: market.product, instalments, eula: url }
  const started = await offers.create(connection, { ...draft, expires_on: '2026-09-15', marker }, marker)
  if (started.status !== 'accepted') return started
  await market.move({ by: 'PT1M' })
  return offers.check(connection, started.reference)
}
const problemsOf = (change: Awaited<ReturnType<typeof offered>>) =>
  change.status === 'failed' ? change.problems.map(({ code, plain }) => [code, plain]) : change.status

test.each([
  ['payment_settings', 'INCOMPATIBLE_PAYMENT_SETTINGS', 'payment settings'],
  ['verification', 'INCOMPATIBLE_SELLER_VERIFICATION', 'is not verified'],
  ['tax_information', 'INVALID_TAX_INFORMATION', 'tax details'],
])('a seller account that misses its %s: %s, and what to do', async (missing, code, words) => {
  market = await awsMarket()
  await market.control(`/aws/accounts/${vendorAccount}`, { misses: [missing] }, 'PATCH')
  const problems = problemsOf(await offered())
  expect(problems).toContainEqual([code, expect.stringContaining(words)])
})

test.each([
  ['unreachable', 'INVALID_LEGAL_DOCUMENTS', 'fetch a PDF from'],
  ['not_pdf', 'INVALID_LEGAL_DOCUMENTS', 'fetch a PDF from'],
  ['too_large', 'LIMIT_EXCEEDED_LEGAL_DOCUMENT_SIZE', 'Give a smaller PDF'],
])('a document that is %s: %s, and what to do', async (found, code, words) => {
  market = await awsMarket()
  await market.control('/aws/legal-documents', { url, found })
  expect(problemsOf(await offered())).toEqual([[code, expect.stringContaining(words)]])
  await market.control('/aws/legal-documents', { url, found: null })
  expect((await offered('offer_2')).status).toBe('succeeded')
})
