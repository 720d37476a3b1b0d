import * as connections from '../connections/index.ts'
import type { Context } from '../context.ts'
import { invalid, Refusal } from '../core/problem.ts'
import type { CloudOptions } from '../offers/model.ts'
import { enqueue, failureSentence, type OperationHandler } from '../operations/index.ts'
import { findProduct, type Product } from '../products/index.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { askForReading } from './held.ts'
import { checkPrices, normalPrices, type Prices, type StoredDraft, toDraft } from './model.ts'
import { insert, keepWanted, type Listing, update } from './store.ts'
import { keepNames } from './store-held.ts'

export type ListingRequest = {
  product_id: string
  connection_id: string
  prices: Prices
  options?: CloudOptions | undefined
}

/** Writes a listing down with the operation that publishes it on its connection's cloud. */
export async function publishListing(
  context: Pick<Context, 'config'>,
  scope: Scope,
  wanted: ListingRequest,
): Promise<Listing> {
  const product = await findProduct(scope, wanted.product_id)
  await connections.find(scope, wanted.connection_id)
  if (product.dimensions.length === 0) throw invalid('product_id', 'has no dimensions', 'Add at least one')
  checkPrices(product.dimensions, wanted.prices)
  const { public_url } = context.config
  if (public_url === undefined) {
    const fix = 'Set SYNDIC_PUBLIC_URL to the address at which buyers reach this service, and start it again'
    throw new Refusal('conflict', `A listing sends its buyers to this service's sign-up page. ${fix}.`)
  }
  const draft = toStoredDraft(product, wanted, public_url)
  const listing = await insert(scope, {
    id: scope.id('listing'),
    product_id: product.id,
    connection_id: wanted.connection_id,
    draft,
  })
  const { id } = listing
  await keepWanted(scope, id, null)
  await enqueue(scope, {
    connection_id: wanted.connection_id,
    kind: 'listing.publish',
    subject_id: id,
    key: `listing-${scope.id('operation')}`,
    request: draft,
  })
  await timeline.record(scope, {
    subject_id: id,
    kind: 'asked',
    sentence: `Asked the cloud to publish "${product.name}".`,
  })
  return listing
}

function toStoredDraft(product: Product, wanted: ListingRequest, public_url: string): StoredDraft {
  const { prices, connection_id, options } = wanted
  return {
    title: product.name,
    short_description: product.short_description,
    long_description: product.long_description,
    ...product.details,
    fulfilment_url: `${public_url}/sign-up/${connection_id}`,
    webhook_url: `${public_url}/v1/webhooks/${connection_id}`,
    dimensions: product.dimensions.map(({ key, name, description, unit, kind }) => ({
      key,
      name,
      description,
      unit,
      kind,
    })),
    prices: { ...prices, entitled: normalPrices(prices.entitled), metered: normalPrices(prices.metered) },
    ...(options === undefined ? {} : { options }),
  }
}

/** How `listing.publish` is sent, asked after, and what follows from its ending. */
export const publishHandler: OperationHandler = {
  makes: ['product_id'],
  quota: { name: 'catalog', per_second: 4, burst: 4 },
  send: async ({ connector, connection }, operation) =>
    connections
      .facet(connector, 'listings')
      .publish(connection, toDraft(operation.request as StoredDraft), operation.key),
  check: async ({ connector, connection }, _, reference) =>
    connections.facet(connector, 'listings').check(connection, reference),
  ended: async (scope, operation, ending) => {
    if (ending.state === 'failed') {
      await update(scope, operation.subject_id, { state: 'failed', problems: ending.problems })
      const sentence = failureSentence('publish the listing', ending.problems)
      await timeline.record(scope, {
        subject_id: operation.subject_id,
        kind: 'failed',
        sentence,
        cloud_words: ending.problems,
      })
      return
    }
    const { product_id, public_offer_id, product_code } = ending.target
    if (product_id === undefined) await update(scope, operation.subject_id, { state: 'live' })
    else {
      await keepNames(scope, operation.subject_id, {
        cloud_product_id: product_id,
        cloud_offer_id: public_offer_id ?? null,
        product_code: product_code ?? null,
      })
    }
    const sentence = `The cloud published the listing as ${product_id}.`
    await timeline.record(scope, {
      subject_id: operation.subject_id,
      kind: 'live',
      sentence,
      cloud_words: ending.target,
    })
    await askForReading(scope, operation.subject_id)
  },
}
