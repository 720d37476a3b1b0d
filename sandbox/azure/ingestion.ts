import { wrappedError } from './errors.ts'
import { cancelJob, jobView, startJob } from './jobs.ts'
import type { Job, JsonObject, Resource } from './model.ts'
import { mayRead, offerView } from './offers.ts'
import { latestSubmissions, submissionView } from './publish.ts'
import type { Answer, Call, Route } from './route.ts'
import { externalId, list, object, text } from './world.ts'

// The product ingestion API. `$version` is the newest version of a resource the caller understands.

const versionPattern = /^\d{4}-\d\d-\d\d(-preview\d+)?$/

function checkVersion(call: Call): void {
  const version = call.url.searchParams.get('$version')
  if (version === null ? call.request.method === 'POST' : !versionPattern.test(version)) {
    throw wrappedError(400, 'badRequest', 'The query parameter $version is missing or not valid.')
  }
}

function configure(call: Call): Answer {
  checkVersion(call)
  if (call.caller.role === 'customer') throw wrappedError(403, 'forbidden', 'Only a seller has products.')
  let body: JsonObject
  try {
    body = object(JSON.parse(call.body))
  } catch {
    throw wrappedError(400, 'badRequest', 'The body is not JSON.')
  }
  if (!/\/schema\/configure\//.test(text(body.$schema)) || !Array.isArray(body.resources)) {
    const details = [
      {
        code: 'schemaValidationError',
        message: 'The body is {$schema: .../configure/..., resources: [...]}.',
      },
    ]
    throw wrappedError(400, 'badRequest', 'Invalid configuration: schema validation failed', details)
  }
  const job = startJob(call.world, call.caller.account_id, list(body.resources))
  return { status: 202, body: jobView(call.world, job) }
}

function ownJob(call: Call): Job {
  const job = call.world.jobs.get(call.parameters.id ?? '')
  if (job?.owner === call.caller.account_id) return job
  throw wrappedError(404, 'notFound', 'There is no such job.')
}

function detail(call: Call): Answer {
  const job = ownJob(call)
  if (job.status !== 'completed') throw wrappedError(400, 'badRequest', 'The job has not completed yet.')
  const $schema = 'https://schema.mp.microsoft.com/schema/configure-detail/2022-07-01'
  return {
    status: 200,
    body: { $schema, resources: job.result === 'succeeded' ? job.detail : job.resources },
  }
}

function own(call: Call, resource: Resource): boolean {
  return resource.owner === call.caller.account_id
}

/** A page of a list: `$maxpagesize` and a token that says where to go on. */
function page(call: Call, values: JsonObject[]): Answer {
  const query = call.url.searchParams
  const size = Math.min(Number(query.get('$maxpagesize') ?? 100) || 100, 100)
  const start = Number(query.get('continuationToken') ?? 0) || 0
  const next = new URL(`${call.world.origin()}${call.url.pathname}${call.url.search}`)
  next.searchParams.set('continuationToken', String(start + size))
  return {
    status: 200,
    body: {
      value: values.slice(start, start + size),
      ...(start + size < values.length ? { '@nextLink': next.toString() } : {}),
    },
  }
}

function products(call: Call): Answer {
  const query = call.url.searchParams
  const found = call.world.resources
    .all()
    .filter((resource) => resource.type === 'product' && own(call, resource))
    .filter(({ draft }) => !query.has('externalId') || externalId(draft) === query.get('externalId'))
    .filter(({ draft }) => !query.has('type') || draft.type === query.get('type'))
  return page(
    call,
    found.map((resource) => resource.draft),
  )
}

function plans(call: Call): Answer {
  const query = call.url.searchParams
  const product = (query.get('product') ?? '').replace(/^product\//, '')
  if (product === '') throw wrappedError(400, 'badRequest', 'The query parameter product is required.')
  const found = call.world.resources
    .all()
    .filter((resource) => resource.type === 'plan' && resource.product === product && own(call, resource))
    .filter(({ draft }) => !query.has('externalId') || externalId(draft) === query.get('externalId'))
  return page(
    call,
    found.map((resource) => resource.draft),
  )
}

function tree(call: Call): Answer {
  const product = call.parameters.product ?? ''
  const root = call.world.resources.get(`product/${product}`)
  if (!root || !own(call, root)) throw wrappedError(404, 'notFound', 'There is no such product.')
  const target = call.url.searchParams.get('targetType') ?? 'draft'
  if (target !== 'draft' && target !== 'preview' && target !== 'live') {
    throw wrappedError(400, 'badRequest', 'The targetType is draft, preview or live.')
  }
  if (root[target] === undefined) throw wrappedError(404, 'notFound', `The product has no ${target} version.`)
  const parts = call.world.resources.all().filter((resource) => resource.product === product)
  const resources = parts.flatMap((resource) =>
    resource.type === 'price-and-availability-private-offer-plan' ? [] : (resource[target] ?? []),
  )
  const submission = latestSubmissions(call.world, product, target)[0]
  return {
    status: 200,
    body: {
      $schema: 'https://schema.mp.microsoft.com/schema/resource-tree/2022-03-01-preview2',
      root: root.id,
      target: { targetType: target },
      resources: [...resources, ...(submission ? [submissionView(submission)] : [])],
    },
  }
}

function submissions(call: Call): Answer {
  const product = call.parameters.product ?? ''
  const root = call.world.resources.get(`product/${product}`)
  if (!root || !own(call, root)) throw wrappedError(404, 'notFound', 'There is no such product.')
  const found = latestSubmissions(call.world, product, call.url.searchParams.get('targetType'))
  return page(call, found.map(submissionView))
}

function offersList(call: Call): Answer {
  const found = call.world.private_offers.all().filter((offer) => mayRead(offer, call.caller))
  return page(
    call,
    found.map((offer) => offerView(offer, call.caller.account_id)),
  )
}

function offer(call: Call): Answer {
  const found = call.world.private_offers.get(`private-offer/${call.parameters.id ?? ''}`)
  if (!found || !mayRead(found, call.caller))
    throw wrappedError(404, 'notFound', 'There is no such private offer.')
  return { status: 200, body: offerView(found, call.caller.account_id) }
}

/** With a plan's id: the public price of the plan, as a template for a private one. */
function priceTemplate(call: Call): Answer {
  const product = (call.parameters.product ?? '').replace(/^product\//, '')
  const plan = (call.url.searchParams.get('plan') ?? '').split('/').at(-1) ?? ''
  const listed = call.world.resources.get(`price-and-availability-plan/${product}/${plan}`)
  if (!listed || !own(call, listed)) throw wrappedError(404, 'notFound', 'There is no such plan.')
  const $schema =
    'https://schema.mp.microsoft.com/schema/price-and-availability-private-offer-plan/2023-07-15'
  const pricing = object((listed.live ?? listed.draft).pricing)
  const body = { $schema, product: `product/${product}`, plan: `plan/${product}/${plan}`, pricing }
  return { status: 200, body }
}

/** Any resource by its durable id: always the draft. */
function anyResource(call: Call): Answer {
  const id = call.parameters.rest ?? ''
  const submission = call.world.submissions.get(id)
  if (submission?.owner === call.caller.account_id) return { status: 200, body: submissionView(submission) }
  const resource = call.world.resources.get(id)
  const price = resource?.type === 'price-and-availability-private-offer-plan'
  const partnered =
    price &&
    call.world.private_offers.all().some((item) => mayRead(item, call.caller) && prices(item.document, id))
  if (!resource || !(own(call, resource) || partnered))
    throw wrappedError(404, 'notFound', `There is no ${id}.`)
  return { status: 200, body: resource.draft }
}

function prices(document: JsonObject, id: string): boolean {
  return list(document.pricing).some((item) => item.priceDetails === id)
}

export const ingestionRoutes: Route[] = [
  { method: 'POST', path: '/configure', operation: 'Configure', run: configure },
  {
    method: 'GET',
    path: '/configure/:id/status',
    operation: 'GetConfigureStatus',
    run: (call) => ({ status: 200, body: jobView(call.world, ownJob(call)) }),
  },
  {
    method: 'POST',
    path: '/configure/:id/cancel',
    operation: 'CancelConfigure',
    run: (call) => ({ status: 200, body: jobView(call.world, cancelJob(call.world, ownJob(call))) }),
  },
  { method: 'GET', path: '/configure/:id', operation: 'GetConfigureDetail', run: detail },
  { method: 'GET', path: '/product', operation: 'ListProducts', run: products },
  { method: 'GET', path: '/plan', operation: 'ListPlans', run: plans },
  { method: 'GET', path: '/resource-tree/product/:product', operation: 'GetResourceTree', run: tree },
  { method: 'GET', path: '/submission/:product', operation: 'ListSubmissions', run: submissions },
  { method: 'GET', path: '/private-offer/query', operation: 'QueryPrivateOffers', run: offersList },
  { method: 'GET', path: '/private-offer/:id', operation: 'GetPrivateOffer', run: offer },
  {
    method: 'GET',
    path: '/price-and-availability-private-offer-plan/:product',
    operation: 'GetPriceTemplate',
    run: priceTemplate,
  },
  { method: 'GET', path: '/*', operation: 'GetResource', run: anyResource },
]
