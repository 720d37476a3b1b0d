/** How a request is named here, and what AWS's words about it mean. */

import { MINUTE_MS } from '../../../../src/core/time.ts'
import {
  type Change,
  type ChangeProblem,
  DECLINED,
  type RequestKind,
  requestKinds,
  WITHDRAWN,
} from '../../../connector.ts'
import { isFaultOf } from '../../faults.ts'

/** A person decides, and the event tells when; this is only for the case that no event comes. */
export const ASK_AGAIN_MS = 15 * MINUTE_MS
/** AWS looks at a refund by itself. */
export const REFUND_AGAIN_MS = MINUTE_MS

export type Reference = { kind: RequestKind; agreement_id: string; request_id: string }

export function writeReference({ kind, agreement_id, request_id }: Reference): string {
  return `${kind} ${agreement_id} ${request_id}`
}

export function readReference(text: string): Reference {
  const [name, agreement_id, request_id] = text.split(' ')
  const kind = requestKinds.find((known) => known === name)
  if (kind === undefined || !agreement_id || !request_id) throw new Error(`"${text}" is no request of ours`)
  return { kind, agreement_id, request_id }
}

const plainWords: Readonly<Record<string, string>> = {
  ConflictException: 'Another request about this agreement is still open, or it no longer stands as it did.',
  CONFLICT_EXCEPTION: 'Another request about this invoice is still open.',
  ResourceNotFoundException: 'AWS does not know this agreement, or it is not ours.',
  RESOURCE_NOT_FOUND_EXCEPTION: 'AWS does not know this invoice of the agreement.',
  ValidationException: 'AWS refused the request as it was written. Nothing was changed.',
  VALIDATION_EXCEPTION: 'AWS refused the request as it was written. Nothing was changed.',
  VALIDATION_FAILED: 'AWS looked at the request and refused it. Nothing was changed.',
  [DECLINED]: 'The buyer said no.',
  [WITHDRAWN]: 'The request was taken back.',
}

export function problem(code: string, message: string): ChangeProblem {
  const plain = plainWords[code]
  return { code, message: message || (plain ?? code), ...(plain === undefined ? {} : { plain }) }
}

/** What the service finds wrong with a request is an answer; every other failure stays a fault. */
export function refused(error: unknown): Change {
  if (!isFaultOf(error, 'invalid', 'conflict', 'not_found')) throw error
  const code = error.cloudCode ?? error.code
  return {
    status: 'failed',
    problems: [problem(code, error.message)],
    evidence: { received: error.evidence },
  }
}
