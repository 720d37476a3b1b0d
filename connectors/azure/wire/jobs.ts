/**
 * Configure jobs: the one way in which the ingestion API changes anything. A job is taken with an id and done later.
 * Source: Microsoft's guide of the Product Ingestion API; version 2022-07-01 of the envelope.
 */
import { z } from 'zod'
import type { ChangeProblem, Connection, Evidence } from '../../connector.ts'
import { type Azure, path } from '../clients.ts'
import { isFaultOf, missing, shaped } from '../faults.ts'
import { plain } from './plain.ts'
import { schemas } from './schemas.ts'

const CONFIGURE_VERSION = '2022-07-01'

/** A resource as the API takes and gives it. */
export type Resource = { [name: string]: unknown }

export type Started =
  | { ok: true; job: string; evidence: Evidence }
  | { ok: false; problems: ChangeProblem[]; evidence: Evidence }

const text = z.string().nullish().catch(null)
type InnerError = {
  code?: string | null | undefined
  message?: string | null | undefined
  resourceId?: unknown
  details?: InnerError[] | null | undefined
}
const innerError: z.ZodType<InnerError> = z.looseObject({
  code: text,
  message: text,
  get details() {
    return z.array(innerError).nullish().catch(null)
  },
})
const statusShape = z.looseObject({
  jobId: z.string().min(1),
  jobStatus: z.string(),
  jobResult: text,
  errors: z.array(innerError).nullish().catch(null),
})
const refusalShape = z.looseObject({ error: innerError })

export async function startJob(
  azure: Azure,
  connection: Connection,
  resources: readonly Resource[],
): Promise<Started> {
  const body = { $schema: schemas.configure, resources }
  try {
    const reply = await azure.call(connection, 'ingestion', {
      call: 'Configure',
      method: 'POST',
      path: '/configure',
      query: { $version: CONFIGURE_VERSION },
      body,
    })
    const { jobId } = shaped(statusShape, reply.body, 'Configure')
    return { ok: true, job: jobId, evidence: azure.evidence(body, reply.body) }
  } catch (error) {
    if (!isFaultOf(error, 'invalid')) throw error
    const read = refusalShape.safeParse(bodyOf(error.evidence))
    const problems = read.success ? leavesOf([read.data.error]) : []
    const first = { code: error.cloudCode ?? 'badRequest', message: error.message }
    return {
      ok: false,
      problems: problems.length > 0 ? problems : [first],
      evidence: azure.evidence(body, error.evidence),
    }
  }
}

function bodyOf(evidence: unknown): unknown {
  return evidence !== null && typeof evidence === 'object' && 'body' in evidence ? evidence.body : undefined
}

export type JobState = { problems: ChangeProblem[]; evidence: Evidence } & {
  state: 'running' | 'succeeded' | 'failed'
}

export async function readJob(azure: Azure, connection: Connection, job: string): Promise<JobState> {
  const reply = await azure.call(connection, 'ingestion', {
    call: 'GetConfigureStatus',
    path: path('configure', job, 'status'),
    query: { $version: CONFIGURE_VERSION },
  })
  const status = shaped(statusShape, reply.body, 'GetConfigureStatus')
  const evidence = azure.evidence({ job }, reply.body)
  if (status.jobStatus === 'notStarted' || status.jobStatus === 'running')
    return { state: 'running', problems: [], evidence }
  if (status.jobStatus === 'completed' && status.jobResult === 'succeeded')
    return { state: 'succeeded', problems: [], evidence }
  if (status.jobStatus === 'completed' && (status.jobResult === 'failed' || status.jobResult === 'cancelled'))
    return { state: 'failed', problems: problemsOf(status.jobResult, status.errors ?? []), evidence }
  throw missing('GetConfigureStatus', 'status that we know', reply.body)
}

/** Every problem of a failed job; never an empty list. */
export function problemsOf(result: string, errors: readonly InnerError[]): ChangeProblem[] {
  const found = leavesOf(errors)
  if (found.length > 0) return found
  const code = result === 'cancelled' ? 'operationCanceled' : 'unknown'
  const words = plain(code)
  const message = 'Azure gave no reason.'
  return [{ code, message, ...(words === undefined ? {} : { plain: words }) }]
}

/** An error tree's branches only group: what is wrong stands in its leaves. */
function leavesOf(errors: readonly InnerError[]): ChangeProblem[] {
  return errors.flatMap((error) => {
    const below = leavesOf(error.details ?? [])
    if (below.length > 0) return below
    const code = error.code ?? 'unknown'
    const message = error.message ?? 'Azure gave no reason.'
    const field = resourceOf(error.resourceId)
    const words = plain(code, message)
    return [
      {
        code,
        message,
        ...(field === undefined ? {} : { field }),
        ...(words === undefined ? {} : { plain: words }),
      },
    ]
  })
}

/** A resource is named by its durable id, or inside one request by its own name. */
function resourceOf(reference: unknown): string | undefined {
  if (typeof reference === 'string') return reference
  if (reference === null || typeof reference !== 'object') return undefined
  const name = Object.values(reference)[0]
  return typeof name === 'string' ? name : undefined
}
