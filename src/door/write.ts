import type { Context as HonoContext, TypedResponse } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { sha256 } from '../core/canonical.ts'
import { Refusal } from '../core/problem.ts'
import { DAY_MS, plus } from '../core/time.ts'
import type { Scope } from '../store/index.ts'
import type { DoorEnv } from './router.ts'

/** How long an Idempotency-Key answers the same again, in days of wall time. */
const KEPT_DAYS = 7

type Answer<B, S extends ContentfulStatusCode> = { status: S; body: B }

/**
 * A write: the effect and its remembered answer are one transaction, so that a key whose effect happened always has
 * its answer. Without a key the write simply runs. Throws idempotency-conflict or idempotency-in-flight.
 */
export async function write<B, S extends ContentfulStatusCode>(
  context: Pick<Context, 'store'>,
  door: HonoContext<DoorEnv>,
  work: (scope: Scope) => Promise<Answer<B, S>>,
): Promise<Response & TypedResponse<B, S, 'json'>> {
  const { organisation_id } = door.get('caller')
  const key = door.req.header('idempotency-key')
  if (key === undefined) {
    const answer = await context.store.inTenant(organisation_id, work)
    return door.json(answer.body as object, answer.status) as Response & TypedResponse<B, S, 'json'>
  }
  const { pathname, search } = new URL(door.req.url)
  const hash = await sha256(`${door.req.method} ${pathname}${search}\n${await door.req.text()}`)
  const { answer, replayed } = await context.store.inTenant(organisation_id, (scope) =>
    once(scope, key, hash, work),
  )
  if (replayed) door.header('Idempotency-Replayed', 'true')
  return door.json(answer.body as object, answer.status) as Response & TypedResponse<B, S, 'json'>
}

async function once<B, S extends ContentfulStatusCode>(
  scope: Scope,
  key: string,
  request_hash: string,
  work: (scope: Scope) => Promise<Answer<B, S>>,
): Promise<{ answer: Answer<B, S>; replayed: boolean }> {
  const { organisation_id, tx } = scope
  const wall = scope.wall()
  const lock = z
    .array(z.object({ free: z.boolean() }))
    .parse(
      await tx.$queryRaw`SELECT pg_try_advisory_xact_lock(hashtextextended(${`${organisation_id} ${key}`}, 0)) AS free`,
    )
  if (lock[0]?.free !== true) {
    throw new Refusal(
      'idempotency-in-flight',
      `The first request with Idempotency-Key ${key} is still running. Send it again in a second.`,
    )
  }
  const where = { organisation_id_key: { organisation_id, key } }
  const known = await tx.idempotency_key.findUnique({ where })
  if (known !== null && known.created_at > plus(wall, -KEPT_DAYS * DAY_MS)) {
    if (known.request_hash !== request_hash) {
      throw new Refusal(
        'idempotency-conflict',
        `Idempotency-Key ${key} was used for another request. Use a new key for a new request.`,
      )
    }
    const answer = { status: known.status as S, body: JSON.parse(z.string().parse(known.answer)) as B }
    return { answer, replayed: true }
  }
  if (known !== null) await tx.idempotency_key.delete({ where })
  const answer = await work(scope)
  await tx.idempotency_key.create({
    data: {
      organisation_id,
      key,
      request_hash,
      status: answer.status,
      // As text: the database would sort the fields of an object, and a replay is the same byte for byte.
      answer: JSON.stringify(answer.body),
      created_at: wall,
    },
  })
  return { answer, replayed: false }
}
