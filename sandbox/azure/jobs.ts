import { minute, second } from '../time.ts'
import { ingestionError, wrappedError } from './errors.ts'
import type { IngestionError, Job, JsonObject } from './model.ts'
import { stageOffer } from './offers.ts'
import { finishSubmission, openSubmission, startSubmission, submissionsIn } from './publish.ts'
import { places, stageResource } from './resources.ts'
import { commitStage, newStage, reference, typeOf } from './stage.ts'
import { guidOf, longIso, text, type World } from './world.ts'

// Configure jobs: not started, running, completed. How long one takes depends on what it publishes.

const startAfter = 5 * second
const durations = { change: 30 * second, offer: 15 * minute, preview: 20 * minute, live: 10 * minute }

const jobTypes = new Set([...Object.keys(places), 'submission', 'private-offer'])

/** The MPO schemas of their own carry the same documents as the common one. */
const offerTypes = new Set([
  'private-offer',
  'private-offer-mpo-originator',
  'private-offer-mpo-channel-partner',
])

/** What makes the request itself wrong; everything else is found by the job. */
function checkShape(resources: JsonObject[]): void {
  const details = resources.flatMap((document, index) => {
    const type = typeOf(document)
    if (jobTypes.has(type) || offerTypes.has(type)) return []
    const message = `resources[${index}] has no known $schema: ${text(document.$schema)}`
    return [{ code: 'schemaValidationError', message }]
  })
  if (resources.length === 0)
    details.push({ code: 'schemaValidationError', message: 'resources must hold at least one.' })
  if (details.length > 0) {
    throw wrappedError(400, 'badRequest', 'Invalid configuration: schema validation failed', details)
  }
}

function durationOf(resources: JsonObject[]): number {
  const targets = submissionsIn(resources).map(
    (document) => (document.target as JsonObject | undefined)?.targetType,
  )
  if (targets.includes('preview')) return durations.preview
  if (targets.includes('live')) return durations.live
  const publishes = resources.some(
    (document) => offerTypes.has(typeOf(document)) && document.state === 'live',
  )
  return publishes ? durations.offer : durations.change
}

export function startJob(world: World, owner: string, resources: JsonObject[]): Job {
  checkShape(resources)
  const id = world.random.uuid()
  const now = world.clock.now()
  world.schedule.plan(`azure/job/${id}`, now + startAfter, 'azure_job_running', id)
  return world.jobs.put(id, {
    id,
    owner,
    resources,
    status: 'notStarted',
    result: 'pending',
    started_at: now,
    detail: [],
    errors: [],
  })
}

/** The products a job touches, as far as they exist already. */
function productsOf(world: World, job: Job): string[] {
  const stage = newStage(world, job.owner)
  return [
    ...new Set(
      job.resources
        .filter((document) => !offerTypes.has(typeOf(document)) && !/private-offer/.test(typeOf(document)))
        .flatMap((document) => {
          const found = reference(stage, document.product ?? document.id, 'product')
          return found ? [guidOf(found)] : []
        }),
    ),
  ]
}

export function runJob(world: World, id: string): void {
  const job = world.jobs.get(id)
  if (job?.status !== 'notStarted') return
  const locked = productsOf(world, job).filter((product) => openSubmission(world, product))
  if (locked.length > 0) {
    const message = 'A submission of this product is not completed yet.'
    finish(
      world,
      job,
      locked.map((product) => ingestionError('productLocked', message, `product/${product}`)),
      [],
    )
    return
  }
  const running = world.jobs.put(id, { ...job, status: 'running' })
  const stage = newStage(world, job.owner)
  for (const document of submissionsIn(job.resources)) {
    const product = reference(stage, document.product, 'product')
    if (product) startSubmission(world, job.owner, guidOf(product), document)
  }
  world.schedule.plan(`azure/job/${id}`, job.started_at + durationOf(running.resources), 'azure_job_done', id)
}

/** Applies a job whole or not at all, then publishes what it submits. */
export function completeJob(world: World, id: string): void {
  const job = world.jobs.get(id)
  if (job?.status !== 'running') return
  const stage = newStage(world, job.owner)
  for (const document of job.resources) {
    if (typeOf(document) === 'submission') continue
    if (offerTypes.has(typeOf(document))) stageOffer(stage, document)
    else stageResource(stage, document)
  }
  const errors = stage.errors
  if (errors.length === 0) commitStage(stage)
  for (const document of submissionsIn(job.resources)) {
    // A product made by this very job has no submission yet.
    const product = reference(stage, document.product, 'product')
    const submission =
      product &&
      (openSubmission(world, guidOf(product)) ?? startSubmission(world, job.owner, guidOf(product), document))
    if (!submission) {
      errors.push(ingestionError('resourceNotFound', 'The product of the submission does not exist.'))
      continue
    }
    if (errors.length > 0)
      world.submissions.put(submission.id, { ...submission, status: 'completed', result: 'failed' })
    else errors.push(...finishSubmission(world, submission.id, document))
    stage.detail.push({ ...document, id: submission.id, product: `product/${submission.product}` })
  }
  finish(world, job, errors, stage.detail)
}

function finish(world: World, job: Job, errors: IngestionError[], detail: JsonObject[]): void {
  world.jobs.put(job.id, {
    ...job,
    status: 'completed',
    result: errors.length > 0 ? 'failed' : 'succeeded',
    ended_at: world.clock.now(),
    errors,
    detail,
  })
}

export function cancelJob(world: World, job: Job): Job {
  if (job.status === 'completed') {
    throw wrappedError(400, 'badRequest', 'Cannot cancel job, job has already completed.')
  }
  world.schedule.cancel(`azure/job/${job.id}`)
  const errors = [ingestionError('operationCanceled', 'The job was cancelled.')]
  for (const document of submissionsIn(job.resources)) {
    const product = reference(newStage(world, job.owner), document.product, 'product')
    const open = product && openSubmission(world, guidOf(product))
    if (open) world.submissions.put(open.id, { ...open, status: 'completed', result: 'failed' })
  }
  return world.jobs.put(job.id, {
    ...job,
    status: 'completed',
    result: 'cancelled',
    ended_at: world.clock.now(),
    errors,
  })
}

export function jobView(world: World, job: Job): JsonObject {
  return {
    $schema: 'https://schema.mp.microsoft.com/schema/configure-status/2022-07-01',
    jobId: job.id,
    jobStatus: job.status,
    jobResult: job.result,
    jobStart: longIso(job.started_at),
    jobEnd: job.ended_at === undefined ? '0001-01-01' : longIso(job.ended_at),
    ...(job.result === 'succeeded'
      ? { resourceUri: `${world.origin()}/azure/ingestion/configure/${job.id}` }
      : {}),
    errors: job.errors,
  }
}
