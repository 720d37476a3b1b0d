import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Listing, productResources, schema } from './documents.ts'
import { configure, type Market, openMarket, publish, submit } from './support.ts'

let market: Market
let listing: Listing
beforeAll(async () => {
  market = await openMarket()
  listing = await publish(market)
})
afterAll(() => market.server.stop())

const version = '$version=2022-07-01'
type Errors = { code: string; message: string; details: { code: string; message: string }[] }[]
const messages = (job: { errors: Errors }) =>
  job.errors.flatMap((error) => [
    `${error.code}: ${error.message}`,
    ...error.details.map((item) => `${item.code}: ${item.message}`),
  ])
const read = <T = Record<string, unknown>>(path: string, client = market.vendor) =>
  client<T>('ingestion', 'GET', path)

describe('a configure job', () => {
  const meters = (unitOfMeasure: string) => ({
    $schema: schema('price-and-availability-custom-meter'),
    product: { externalId: 'ledger' },
    customMeters: { calls: { displayName: 'Calls', unitOfMeasure } },
  })
  const start = (resources: object[]) =>
    market.vendor<Record<string, unknown>>('ingestion', 'POST', `/configure?${version}`, {
      $schema: schema('configure', '2022-07-01'),
      resources,
    })

  test('is not started, runs, and completes with what it made', async () => {
    const started = await start([meters('call')])
    expect([started.status, started.body.jobStatus, started.body.jobResult, started.body.jobEnd]).toEqual([
      202,
      'notStarted',
      'pending',
      '0001-01-01',
    ])
    const status = async () => (await read(`/configure/${started.body.jobId}/status?${version}`)).body
    await market.by('PT6S')
    expect((await status()).jobStatus).toBe('running')
    expect((await read(`/configure/${started.body.jobId}?${version}`)).status).toBe(400)
    await market.by('PT30S')
    expect(await status()).toMatchObject({
      jobStatus: 'completed',
      jobResult: 'succeeded',
      errors: [],
      resourceUri: expect.stringContaining('/configure/'),
    })
    const cancelled = await market.vendor(
      'ingestion',
      'POST',
      `/configure/${started.body.jobId}/cancel?${version}`,
    )
    expect(cancelled.body).toMatchObject({
      error: { code: 'badRequest', message: 'Cannot cancel job, job has already completed.' },
    })
  })

  test('can be cancelled before it is done', async () => {
    const started = await start([meters('other')])
    const cancelled = await market.vendor(
      'ingestion',
      'POST',
      `/configure/${started.body.jobId}/cancel?${version}`,
    )
    expect(cancelled.body).toMatchObject({ jobStatus: 'completed', jobResult: 'cancelled' })
  })

  test('is refused for its shape at once, for its content when it runs, and then changes nothing', async () => {
    expect((await start([{ $schema: 'nothing' }])).body).toMatchObject({
      error: {
        code: 'badRequest',
        message: 'Invalid configuration: schema validation failed',
        details: [{ code: 'schemaValidationError' }],
      },
    })
    const listingOf = (title: string) => ({
      $schema: schema('listing', '2022-03-01-preview5'),
      product: listing.product,
      kind: 'azureSaaS',
      title,
    })
    const done = await configure(market, market.vendor, [listingOf('Changed'), meters('minute')])
    expect(messages(done.job)).toEqual([
      expect.stringMatching(/^businessValidationError: .*calls is published/),
    ])
    const id = listing.product.replace('product/', 'listing/')
    expect((await read(`/${id}?${version}`)).body).toMatchObject({ id, title: 'Ledger' })
    expect((await read(`/${id}?${version}`, market.partner)).status).toBe(404)
  })
})

describe('publishing', () => {
  test('shows in the tree of each target, with its submission', async () => {
    const guid = listing.product.split('/')[1]
    const tree = await read<{ root: string; resources: { id: string }[] }>(
      `/resource-tree/${listing.product}?targetType=live&${version}`,
    )
    expect(tree.body).toMatchObject({ root: listing.product, target: { targetType: 'live' } })
    expect(tree.body.resources.some(({ id }) => id.startsWith('submission/'))).toBe(true)
    const submissions = await read<{ value: object[] }>(`/submission/${guid}?targetType=live&${version}`)
    expect(submissions.body.value).toMatchObject([
      { target: { targetType: 'live' }, status: 'completed', result: 'succeeded' },
    ])
  })

  test('says what is missing, and fails a certification when planned', async () => {
    const submission = {
      $schema: schema('submission', '2022-03-01-preview2'),
      product: listing.product,
      target: { targetType: 'preview' },
    }
    await market.control('/azure/certifications', {
      product_id: listing.product,
      message: 'The logo is blurred.',
    })
    const failed = await configure(market, market.vendor, [submission])
    expect(messages(failed.job)).toEqual(['invalidState: Certification failed: The logo is blurred.'])
    const bare = productResources(market.keys.vendor, { landing: 'https://x', webhook: 'https://y' }).slice(
      0,
      1,
    )
    const made = await configure(market, market.vendor, [
      { ...bare[0], identity: { externalId: 'bare' } },
      { ...submission, product: { resourceName: 'P' } },
    ])
    expect(messages(made.job)).toContain('businessValidationError: The product has no plan.')
    await submit(market, listing.product, 'preview')
  })

  test('locks the product while a submission runs', async () => {
    const submission = {
      $schema: schema('submission', '2022-03-01-preview2'),
      product: listing.product,
      target: { targetType: 'preview' },
    }
    await configure(market, market.vendor, [submission], 'PT1M')
    const second = await configure(market, market.vendor, [submission], 'PT10S')
    expect(messages(second.job)).toEqual([expect.stringMatching(/^productLocked/)])
    await market.by('PT30M')
  })
})
