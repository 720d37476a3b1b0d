import { ingestionError } from './errors.ts'
import type { IngestionError, JsonObject, Submission } from './model.ts'
import { externalId, guidOf, list, object, text, type World } from './world.ts'

// Publishing: a preview is certified, then made live.

export function openSubmission(world: World, product: string): Submission | undefined {
  return world.submissions.all().find((item) => item.product === product && item.status !== 'completed')
}

export function submissionView(submission: Submission): JsonObject {
  return {
    $schema: 'https://schema.mp.microsoft.com/schema/submission/2022-03-01-preview2',
    id: submission.id,
    product: `product/${submission.product}`,
    target: { targetType: submission.target },
    lifecycleState: 'generallyAvailable',
    status: submission.status,
    result: submission.result,
    created: new Date(submission.created).toISOString(),
  }
}

/** Opens a submission when its job starts to run. */
export function startSubmission(
  world: World,
  owner: string,
  product: string,
  document: JsonObject,
): Submission {
  const target = object(document.target).targetType === 'live' ? 'live' : 'preview'
  const id = `submission/${product}/${world.random.text(19, '123456789')}`
  return world.submissions.put(id, {
    id,
    product,
    owner,
    target,
    status: 'running',
    result: 'pending',
    created: world.clock.now(),
  })
}

const required = [
  'commercial-marketplace-setup',
  'property',
  'listing',
  'price-and-availability-offer',
  'software-as-a-service-technical-configuration',
]

/** Everything a product lacks before it can be published. */
function missingParts(world: World, product: string): IngestionError[] {
  const parts = world.resources.all().filter((item) => item.product === product)
  const wrong = (message: string, id: string) => ingestionError('businessValidationError', message, id)
  const problems = required
    .filter((type) => !parts.some((item) => item.type === type))
    .map((type) => wrong(`The product has no ${type}.`, `product/${product}`))
  const plans = parts.filter((item) => item.type === 'plan')
  if (plans.length === 0) problems.push(wrong('The product has no plan.', `product/${product}`))
  for (const plan of plans) {
    for (const type of ['plan-listing', 'price-and-availability-plan']) {
      const id = `${type}/${product}/${guidOf(plan.id, 2)}`
      if (!parts.some((item) => item.id === id)) {
        problems.push(wrong(`The plan ${externalId(plan.draft)} has no ${type}.`, plan.id))
      }
    }
  }
  const setup = parts.find((item) => item.type === 'commercial-marketplace-setup')
  if (setup && setup.draft.sellThroughMicrosoft !== true) {
    problems.push(wrong('The product must be sold through Microsoft.', setup.id))
  }
  const known = object(
    parts.find((item) => item.type === 'price-and-availability-custom-meter')?.draft.customMeters,
  )
  for (const price of parts.filter((item) => item.type === 'price-and-availability-plan')) {
    for (const meter of Object.keys(object(object(object(price.draft.pricing).customMeters).meters))) {
      if (!(meter in known)) problems.push(wrong(`The product has no custom meter ${meter}.`, price.id))
    }
  }
  return problems
}

/** Ends a submission; what it could not publish is told. */
export function finishSubmission(world: World, id: string, document: JsonObject): IngestionError[] {
  const submission = world.submissions.get(id)
  if (!submission) return []
  const problems = problemsOf(world, submission, document)
  const result = problems.length > 0 ? 'failed' : 'succeeded'
  world.submissions.put(id, { ...submission, status: 'completed', result })
  if (problems.length > 0) return problems
  for (const resource of world.resources.all()) {
    if (
      resource.product !== submission.product ||
      resource.type === 'price-and-availability-private-offer-plan'
    )
      continue
    const changed =
      submission.target === 'preview'
        ? { ...resource, preview: resource.draft }
        : { ...resource, live: resource.preview }
    world.resources.put(resource.id, changed)
  }
  return []
}

function problemsOf(world: World, submission: Submission, document: JsonObject): IngestionError[] {
  if (submission.target === 'live') {
    const preview = world.submissions.get(text(document.id))
    const good =
      preview?.product === submission.product &&
      preview.target === 'preview' &&
      preview.result === 'succeeded'
    const message = 'Going live needs the id of a preview submission that succeeded.'
    return good ? [] : [ingestionError('invalidState', message, submission.id)]
  }
  const missing = missingParts(world, submission.product)
  if (missing.length > 0) {
    return [
      ingestionError('businessValidationError', 'The product cannot be published.', submission.id, missing),
    ]
  }
  const reason = world.certification_failures.get(submission.product)
  if (reason === undefined) return []
  world.certification_failures.remove(submission.product)
  return [ingestionError('invalidState', `Certification failed: ${reason}`, submission.id)]
}

export function latestSubmissions(world: World, product: string, target: string | null): Submission[] {
  return world.submissions
    .all()
    .filter((item) => item.product === product && (target === null || item.target === target))
    .toReversed()
}

/** Whether any of these documents is a submission. */
export function submissionsIn(resources: JsonObject[]): JsonObject[] {
  return list(resources).filter((document) => /\/schema\/submission\//.test(text(document.$schema)))
}
