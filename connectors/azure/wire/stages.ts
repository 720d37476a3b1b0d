/** References of slow changes. Azure makes some of them in several jobs; the reference says which one is running. */
import { z } from 'zod'
import { Fault } from '../../../src/core/fault.ts'
import { decodeCursor, encodeCursor } from '../../../src/core/page.ts'

const job = z.string().min(1)
const as = z.enum(['offer_id', 'authorization_id'])

const stage = z.discriminatedUnion('stage', [
  /** The product's resources are being written, of a product that was not there before or of one that was; then it is sent to preview, then live. */
  z.object({ stage: z.literal('listing_draft'), job, product: z.string(), fresh: z.boolean() }),
  /** A null job: somebody's submission is waited for. */
  z.object({ stage: z.literal('listing_preview'), job: job.nullable(), product: z.string() }),
  z.object({ stage: z.literal('listing_live'), job: job.nullable(), product: z.string() }),
  /** A private offer is being written as a draft that carries the marker; then it is made live. */
  z.object({ stage: z.literal('offer_draft'), job, marker: z.string(), as }),
  z.object({ stage: z.literal('offer_live'), job, id: z.string(), as }),
  /** It is being taken back; with a day it is made live again with that last day. */
  z.object({ stage: z.literal('offer_withdraw'), job, id: z.string(), accept_by: z.string().nullable(), as }),
])
export type Stage = z.infer<typeof stage>
export type StageOf<Name extends Stage['stage']> = Extract<Stage, { stage: Name }>

export function writeStage(value: Stage): string {
  return encodeCursor(JSON.stringify(value))
}

export function readStage(reference: string): Stage {
  try {
    return stage.parse(JSON.parse(decodeCursor(reference)))
  } catch {
    throw new Fault('invalid', `"${reference}" is not the reference of a change at Azure`)
  }
}
