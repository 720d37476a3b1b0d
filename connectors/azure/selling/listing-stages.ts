/** The stages of a publication: resources, preview (which Microsoft certifies, in days rather than minutes), live. */
import { z } from 'zod'
import type { Change, ChangeProblem, Connection, Evidence } from '../../connector.ts'
import { type Azure, path } from '../clients.ts'
import { missing, shaped } from '../faults.ts'
import { type JobState, readJob, startJob } from '../wire/jobs.ts'
import { readAll } from '../wire/lists.ts'
import { RESOURCES_VERSION, schemas } from '../wire/schemas.ts'
import { readStage, type StageOf, writeStage } from '../wire/stages.ts'
import { failed } from './draft-offer.ts'
import { findProduct, type Identified, readTree, typeOf } from './products.ts'

type Target = 'preview' | 'live'
type ListingStage = StageOf<'listing_draft' | 'listing_preview' | 'listing_live'>

const text = z.string().nullish().catch(null)
const submissionShape = z.looseObject({
  id: z.string().min(1),
  status: text,
  result: text,
  created: text,
  target: z.looseObject({ targetType: text }).nullish().catch(null),
})
type Submission = z.infer<typeof submissionShape>

/** Asks how far a publication came, and begins its next stage when one is done. Asked twice, it does nothing twice. */
export async function checkListingStage(
  azure: Azure,
  connection: Connection,
  reference: string,
): Promise<Change> {
  const stage = readStage(reference)
  if ('as' in stage) throw missing('GetConfigureStatus', 'stage of a listing', reference)
  const job = stage.job === null ? undefined : await readJob(azure, connection, stage.job)
  const evidence = job?.evidence ?? {}
  if (job?.state === 'running') return { status: 'accepted', reference, evidence }
  const product = await findProduct(azure, connection, stage.product)
  if (product === undefined)
    return job === undefined || job.state === 'succeeded'
      ? { status: 'accepted', reference, evidence }
      : ended(reference, job)
  if (stage.stage === 'listing_draft') return afterDraft(azure, connection, reference, stage, job, product)
  const target = stage.stage === 'listing_preview' ? 'preview' : 'live'
  const submission = await latest(azure, connection, product.id, target)
  if (isOpen(submission))
    return { status: 'accepted', reference, evidence: azure.evidence({ target }, submission) }
  if (submission?.result !== 'succeeded')
    return job?.state === 'failed' ? ended(reference, job) : failedSubmission(azure, reference, submission)
  if (target === 'preview') return goLive(azure, connection, product, stage, submission)
  return reached(azure, stage, submission)
}

function reached(azure: Azure, { product }: ListingStage, submission: Submission): Change {
  const target = { product_id: product, product_code: product }
  return { status: 'succeeded', target, evidence: azure.evidence({ product }, submission) }
}

/** The product as it stands goes to preview, unless a submission of it is under way already. */
async function afterDraft(
  azure: Azure,
  connection: Connection,
  reference: string,
  stage: ListingStage,
  job: JobState | undefined,
  product: Identified,
): Promise<Change> {
  const [preview, live] = await Promise.all([
    latest(azure, connection, product.id, 'preview'),
    latest(azure, connection, product.id, 'live'),
  ])
  const waiting = [preview, live].find(isOpen)
  if (waiting !== undefined) {
    const next = waiting === live ? 'listing_live' : 'listing_preview'
    const watched = writeStage({ stage: next, job: null, product: stage.product })
    return {
      status: 'accepted',
      reference: watched,
      evidence: azure.evidence({ product: product.id }, waiting),
    }
  }
  if (job?.state === 'failed' && !(await madeByUs(azure, connection, stage, product)))
    return ended(reference, job)
  return submit(
    azure,
    connection,
    stage,
    { product: product.id, target: { targetType: 'preview' } },
    'listing_preview',
  )
}

/**
 * The job fails because the product is there, although it was not when the job was sent: an earlier request under the
 * same key, whose answer was lost, made it. What an earlier job left half done is not taken for it.
 */
async function madeByUs(
  azure: Azure,
  connection: Connection,
  stage: ListingStage,
  product: Identified,
): Promise<boolean> {
  if (stage.stage !== 'listing_draft' || !stage.fresh) return false
  const tree = await readTree(azure, connection, product.id, 'draft')
  const kinds = tree?.resources.map(({ $schema }) => typeOf($schema)) ?? []
  return LAST_KINDS.every((kind) => kinds.includes(kind))
}

const LAST_KINDS = ['price-and-availability-plan', 'software-as-a-service-technical-configuration']

/** Going live names the preview that was certified; a submission that was begun before is not begun again. */
async function goLive(
  azure: Azure,
  connection: Connection,
  product: Identified,
  stage: ListingStage,
  preview: Submission,
): Promise<Change> {
  const live = await latest(azure, connection, product.id, 'live')
  if (live !== undefined && isOpen(live)) {
    const reference = writeStage({ stage: 'listing_live', job: null, product: stage.product })
    return { status: 'accepted', reference, evidence: azure.evidence({ product: product.id }, live) }
  }
  if (live?.result === 'succeeded' && (live.created ?? '') > (preview.created ?? ''))
    return reached(azure, stage, live)
  const resource = { id: preview.id, product: product.id, target: { targetType: 'live' } }
  return submit(azure, connection, stage, resource, 'listing_live')
}

async function submit(
  azure: Azure,
  connection: Connection,
  stage: ListingStage,
  resource: { [name: string]: unknown },
  next: 'listing_preview' | 'listing_live',
): Promise<Change> {
  const started = await startJob(azure, connection, [{ $schema: schemas.submission, ...resource }])
  if (!started.ok) return failed(started.problems, started.evidence)
  const reference = writeStage({ stage: next, job: started.job, product: stage.product })
  return { status: 'accepted', reference, evidence: started.evidence }
}

/** The newest submission for a target. */
async function latest(
  azure: Azure,
  connection: Connection,
  product: string,
  target: Target,
): Promise<Submission | undefined> {
  const query = { targetType: target, $version: RESOURCES_VERSION }
  const guid = product.replace(/^product\//, '')
  const values = await readAll(azure, connection, 'ListSubmissions', path('submission', guid), query)
  return values
    .map((value) => shaped(submissionShape, value, 'ListSubmissions'))
    .filter((item) => item.target?.targetType === target)
    .sort((left, right) => ((left.created ?? '') < (right.created ?? '') ? 1 : -1))[0]
}

function isOpen(submission: Submission | undefined): boolean {
  return submission?.status === 'notStarted' || submission?.status === 'running'
}

function ended(reference: string, job: JobState): Change {
  return (
    humanFor(job.problems, job.evidence) ?? {
      status: 'failed',
      reference,
      problems: job.problems,
      evidence: job.evidence,
    }
  )
}

function failedSubmission(azure: Azure, reference: string, submission: Submission | undefined): Change {
  const plain = 'The submission did not succeed. Its report in Partner Center says why.'
  const problems: ChangeProblem[] = [{ code: submission?.result ?? 'NO_SUBMISSION', message: plain, plain }]
  return { status: 'failed', reference, problems, evidence: azure.evidence(undefined, submission) }
}

/** What the interface says it cannot do is done by a person, in Partner Center. */
export function humanFor(problems: readonly ChangeProblem[], evidence: Evidence): Change | undefined {
  const closed = problems.filter(({ code }) => code === 'notSupported')
  if (closed.length === 0) return undefined
  return {
    status: 'human',
    task: {
      title: 'Publish the offer in Partner Center',
      steps: [
        'Open Partner Center, Marketplace offers, and the offer (or make a new Software as a Service offer).',
        ...closed.map(({ message }) => `The interface could not do this; do it by hand: ${message}`),
        'Review and publish, sign the preview off, and wait until the offer is live.',
        'Complete this task with the offer id as product_id.',
      ],
      evidence: 'A screenshot or the address of the live offer.',
    },
    evidence,
  }
}
