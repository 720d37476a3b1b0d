// What was answered to an Idempotency-Key, and who is at it now.
import { z } from 'zod'
import { Refusal } from '../core/problem.ts'
import { DAY_MS, MINUTE_MS, plus } from '../core/time.ts'
import type { Scope } from '../store/index.ts'

/** How long an Idempotency-Key answers the same again, in days of wall time. */
const KEPT_DAYS = 7
/** How long a claim holds: whoever made it and has not answered by then is gone. */
const CLAIM_MS = 5 * MINUTE_MS

/** The status that stands while a request that acts outside is under way; no answer has it. */
const UNDER_WAY = 0
/** Kept in an answer's place until there is one. */
export const CLAIMED = { status: UNDER_WAY, text: '' }

const inFlight = (key: string) =>
  new Refusal(
    'idempotency-in-flight',
    `The first request with Idempotency-Key ${key} is still running. Send it again in a second.`,
    [],
    1,
  )

/** Holds a key until the transaction ends. Throws idempotency-in-flight when another request does. */
export async function holdKey({ organisation_id, tx }: Scope, key: string): Promise<void> {
  const lock = z
    .array(z.object({ free: z.boolean() }))
    .parse(
      await tx.$queryRaw`SELECT pg_try_advisory_xact_lock(hashtextextended(${`${organisation_id} ${key}`}, 0)) AS free`,
    )
  if (lock[0]?.free !== true) throw inFlight(key)
}

/**
 * What was answered to a key that still counts. Throws idempotency-conflict when that was another request, and
 * idempotency-in-flight while the first one acts.
 */
export async function findAnswer<B, S>(
  { organisation_id, tx, wall }: Scope,
  key: string,
  request_hash: string,
): Promise<{ status: S; body: B } | undefined> {
  const where = { organisation_id_key: { organisation_id, key } }
  const known = await tx.idempotency_key.findUnique({ where })
  if (known === null || known.created_at <= plus(wall(), -KEPT_DAYS * DAY_MS)) return undefined
  const claimed = known.status === UNDER_WAY
  if (claimed && known.created_at <= plus(wall(), -CLAIM_MS)) return undefined
  if (known.request_hash !== request_hash) {
    throw new Refusal(
      'idempotency-conflict',
      `Idempotency-Key ${key} was used for another request. Use a new key for a new request.`,
    )
  }
  if (claimed) throw inFlight(key)
  // A kept status is one that this route answered with.
  return { status: known.status as S, body: JSON.parse(z.string().parse(known.answer)) as B }
}

/** Keeps an answer, in the place of a claim or of one that counts no more. */
export async function keepAnswer(
  { organisation_id, tx, wall }: Scope,
  key: string,
  request_hash: string,
  { status, text }: { status: number; text: string },
): Promise<void> {
  // As text: the database would sort the fields of an object, and a replay is the same byte for byte.
  const kept = { request_hash, status, answer: text, created_at: wall() }
  await tx.idempotency_key.upsert({
    where: { organisation_id_key: { organisation_id, key } },
    create: { organisation_id, key, ...kept },
    update: kept,
  })
}

/** Gives a claimed key back: nothing was done with it. */
export async function freeKey({ organisation_id, tx }: Scope, key: string): Promise<void> {
  await tx.idempotency_key.deleteMany({ where: { organisation_id, key, status: UNDER_WAY } })
}
