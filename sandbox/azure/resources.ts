import type { JsonObject, Resource } from './model.ts'
import { readPricing } from './prices.ts'
import { allStaged, reference, refuse, type Stage, staged, typeOf } from './stage.ts'
import { externalId, guidOf, object, text } from './world.ts'

// The resources of a software product, and the rules for changing them.

type Place = 'root' | 'product' | 'plan' | 'many'

/** Where a resource of each type lives: one for each product, one for each plan, or several. */
export const places: Record<string, Place> = {
  product: 'root',
  plan: 'many',
  'commercial-marketplace-setup': 'product',
  property: 'product',
  listing: 'product',
  'listing-asset': 'many',
  'listing-trailer': 'many',
  'plan-listing': 'plan',
  'price-and-availability-offer': 'product',
  'price-and-availability-plan': 'plan',
  'price-and-availability-custom-meter': 'product',
  'software-as-a-service-technical-configuration': 'product',
  'customer-leads': 'product',
  'microsoft365-integration': 'product',
  reseller: 'product',
  'price-and-availability-private-offer-plan': 'many',
}

const productTypes = ['softwareAsAService']
const externalIdPattern = /^[a-z0-9][a-z0-9-_]{2,49}$/
const meterLimit = 30

function productOf(stage: Stage, document: JsonObject): string | undefined {
  const found = reference(stage, document.product, 'product')
  if (found?.startsWith('product/')) return guidOf(found)
  return refuse(stage, 'resourceNotFound', 'The product does not exist or is not yours.', text(document.id))
}

/** The durable id a document is for, made when the resource is new. */
function identify(stage: Stage, document: JsonObject): { id: string; product: string } | undefined {
  const type = typeOf(document)
  const { random } = stage.world
  const given = text(document.id)
  if (given !== '') {
    const known = staged(stage, given)
    if (known?.owner === stage.owner && known.type === type) return { id: given, product: known.product }
    return refuse(stage, 'resourceNotFound', `There is no ${given}.`, given)
  }
  if (type === 'product') {
    const guid = random.uuid()
    return { id: `product/${guid}`, product: guid }
  }
  const product = productOf(stage, document)
  if (product === undefined) return undefined
  if (places[type] === 'many') return { id: `${type}/${product}/${random.uuid()}`, product }
  if (places[type] === 'product') return { id: `${type}/${product}`, product }
  const plan = reference(stage, document.plan, 'plan', product)
  if (!plan?.startsWith(`plan/${product}/`)) {
    return refuse(stage, 'resourceNotFound', 'The plan does not exist in this product.')
  }
  return { id: `${type}/${product}/${guidOf(plan, 2)}`, product }
}

/** Stages one document of a product. What it leaves out is gone: a document is replaced whole. */
export function stageResource(stage: Stage, document: JsonObject): undefined {
  const type = typeOf(document)
  const place = identify(stage, document)
  if (!place) return
  const { id, product } = place
  const before = staged(stage, id)
  if (text(document.resourceName) !== '') stage.names.set(text(document.resourceName), id)
  if (document.lifecycleState === 'deleted') return removeResource(stage, id, before)
  const { resourceName: _name, ...kept } = document
  const plan = kept.plan === undefined ? undefined : reference(stage, kept.plan, 'plan', product)
  const draft: JsonObject = {
    ...kept,
    id,
    ...(type === 'product' ? {} : { product: `product/${product}` }),
    ...(plan === undefined ? {} : { plan }),
    ...(type === 'product' || type === 'plan'
      ? { lifecycleState: document.lifecycleState ?? 'generallyAvailable' }
      : {}),
  }
  const resource: Resource = { ...(before ?? { type, owner: stage.owner }), id, product, draft }
  check(stage, resource, before)
  stage.resources.set(id, resource)
  stage.detail.push(draft)
}

function removeResource(stage: Stage, id: string, before: Resource | undefined): undefined {
  if (!before) return refuse(stage, 'resourceNotFound', 'There is nothing to delete.', id)
  if (before.live) return refuse(stage, 'invalidState', 'What was published can only be deprecated.', id)
  stage.resources.set(id, 'deleted')
  stage.detail.push({ ...before.draft, lifecycleState: 'deleted' })
}

function check(stage: Stage, resource: Resource, before: Resource | undefined): undefined {
  const { draft, id, type } = resource
  const wrong = (message: string) => refuse(stage, 'businessValidationError', message, id)
  if (type === 'product' && !productTypes.includes(text(draft.type))) {
    refuse(stage, 'notSupported', `The sandbox serves products of type ${productTypes.join()} only.`, id)
  }
  if (type === 'product' || type === 'plan') checkIdentity(stage, resource, before)
  if (type === 'price-and-availability-custom-meter') checkMeters(stage, resource)
  if (type === 'price-and-availability-plan') {
    const { options, mode, meters } = readPricing(object(draft.pricing), {})
    if (options.length === 0) wrong('The plan has no recurrent price.')
    if (mode === 'perUser' && meters.length > 0) wrong('Custom meters need flat-rate pricing.')
  }
  if (type === 'software-as-a-service-technical-configuration') {
    for (const name of ['landingPageUrl', 'connectionWebhook', 'azureAdTenantId', 'azureAdAppId']) {
      if (text(draft[name]) === '') wrong(`The field ${name} is required.`)
    }
  }
}

/** External ids are unique, and never change. */
function checkIdentity(stage: Stage, resource: Resource, before: Resource | undefined): undefined {
  const { draft, id, type, product } = resource
  const wanted = externalId(draft)
  if (!externalIdPattern.test(wanted)) {
    refuse(stage, 'schemaValidationError', 'identity.externalId has 3 to 50 of a-z, 0-9, - and _.', id)
  }
  if (before && externalId(before.draft) !== wanted) {
    refuse(stage, 'businessValidationError', 'The external id cannot be changed.', id)
  }
  const taken = allStaged(stage).some(
    (other) =>
      other.type === type &&
      other.id !== id &&
      (type === 'product' ? other.owner === stage.owner : other.product === product) &&
      externalId(other.draft) === wanted,
  )
  if (taken) refuse(stage, 'businessValidationError', `The external id ${wanted} is in use.`, id)
}

/** A meter's id, name and unit are frozen once they are live. */
function checkMeters(stage: Stage, { draft, id, live }: Resource): undefined {
  const meters = object(draft.customMeters)
  if (Object.keys(meters).length > meterLimit) {
    refuse(stage, 'collectionLimitExceeded', `An offer has at most ${meterLimit} custom meters.`, id)
  }
  for (const [meter, published] of Object.entries(object(live?.customMeters))) {
    const [now, then] = [object(meters[meter]), object(published)]
    if (now.displayName !== then.displayName || now.unitOfMeasure !== then.unitOfMeasure) {
      const message = `The custom meter ${meter} is published: its id, name and unit cannot change.`
      refuse(stage, 'businessValidationError', message, id)
    }
  }
}
