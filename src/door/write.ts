import type { Context as HonoContext, TypedResponse } from 'hono'
import { routePath } from 'hono/route'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { z } from 'zod'
import { type Act, record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { sha256 } from '../core/canonical.ts'
import { Refusal } from '../core/problem.ts'
import { DAY_MS, plus } from '../core/time.ts'
import type { Scope } from '../store/index.ts'
import type { DoorEnv } from './router.ts'

/** How long an Idempotency-Key answers the same again, in days of wall time. */
const KEPT_DAYS = 7

/** What a write answers, and what its record says. */
export type Answer<B, S extends ContentfulStatusCode> = {
  status: S
  body: B
  /** What the audit record says beside the act itself; without it, that the answer stands now. */
  audit?: { subject_id?: string; before?: unknown; after?: unknown }
  /** Fields of the answer that are shown this once: neither a repetition nor the audit record has them. */
  secrets?: readonly (keyof B & string)[]
}

/**
 * A write: the effect, its audit record and its remembered answer are one transaction, so that a key whose effect
 * happened always has its answer. Without a key the write simply runs. All of it belongs to the caller's organisation,
 * or to the one that is named. Throws idempotency-conflict or idempotency-in-flight.
 */
export async function write<B, S extends ContentfulStatusCode>(
  context: Pick<Context, 'store'>,
  door: HonoContext<DoorEnv>,
  work: (scope: Scope) => Promise<Answer<B, S>>,
  organisation_id = door.get('caller').organisation_id,
): Promise<Response & TypedResponse<B, S, 'json'>> {
  const key = door.req.header('idempotency-key')
  const audited = async (scope: Scope) => {
    const answer = await work(scope)
    await record(scope, actOf(door, answer))
    return answer
  }
  if (key === undefined) {
    const answer = await context.store.inTenant(organisation_id, audited)
    return door.json(answer.body as object, answer.status) as Response & TypedResponse<B, S, 'json'>
  }
  const hash = await hashOfRequest(door)
  const { answer, replayed } = await context.store.inTenant(organisation_id, (scope) =>
    once(scope, key, hash, audited),
  )
  if (replayed) door.header('Idempotency-Replayed', 'true')
  return door.json(answer.body as object, answer.status) as Response & TypedResponse<B, S, 'json'>
}

/** A write after which work is due at once, such as a letter: done when what is to be done stands. */
export async function writeAndWake<B, S extends ContentfulStatusCode>(
  context: Pick<Context, 'store' | 'wake'>,
  door: HonoContext<DoorEnv>,
  work: (scope: Scope) => Promise<Answer<B, S>>,
): Promise<Response & TypedResponse<B, S, 'json'>> {
  const answer = await write(context, door, work)
  context.wake()
  return answer
}

/**
 * The answer of an earlier request with this key, for a write that acts outside before it writes anything down: what was
 * done once is not done again. undefined: there is none, or no key was sent. Throws idempotency-conflict.
 */
export async function remembered<B, S extends ContentfulStatusCode>(
  context: Pick<Context, 'store'>,
  door: HonoContext<DoorEnv>,
): Promise<(Response & TypedResponse<B, S, 'json'>) | undefined> {
  const key = door.req.header('idempotency-key')
  if (key === undefined) return undefined
  const hash = await hashOfRequest(door)
  const answer = await context.store.inTenant(door.get('caller').organisation_id, (scope) =>
    findAnswer<B, S>(scope, key, hash),
  )
  if (answer === undefined) return undefined
  door.header('Idempotency-Replayed', 'true')
  return door.json(answer.body as object, answer.status) as Response & TypedResponse<B, S, 'json'>
}

async function hashOfRequest(door: HonoContext<DoorEnv>): Promise<string> {
  const { pathname, search } = new URL(door.req.url)
  return sha256(`${door.req.method} ${pathname}${search}\n${await door.req.text()}`)
}

function actOf<B, S extends ContentfulStatusCode>(door: HonoContext<DoorEnv>, answer: Answer<B, S>): Act {
  const { actor, request_id } = door.get('caller')
  const { body, audit = {} } = answer
  const named = z.object({ id: z.string() }).safeParse(body)
  return {
    actor,
    request_id,
    act: `${door.req.method} ${routePath(door, -1)}`,
    subject_id: audit.subject_id ?? door.req.param('id') ?? (named.success ? named.data.id : ''),
    before: audit.before ?? null,
    after: 'after' in audit ? audit.after : withoutSecrets(answer),
  }
}

/** The answer as it is kept: what was shown once is gone, and its place says so. */
function withoutSecrets<B, S extends ContentfulStatusCode>({ body, secrets = [] }: Answer<B, S>): unknown {
  if (secrets.length === 0) return body
  return { ...(body as object), ...Object.fromEntries(secrets.map((name) => [name, SHOWN_ONCE])) }
}

const SHOWN_ONCE = '(shown once, when it was made)'

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
      [],
      1,
    )
  }
  const found = await findAnswer<B, S>(scope, key, request_hash)
  if (found !== undefined) return { answer: found, replayed: true }
  const answer = await work(scope)
  const kept = {
    request_hash,
    status: answer.status,
    // As text: the database would sort the fields of an object, and a replay is the same byte for byte.
    answer: JSON.stringify(withoutSecrets(answer)),
    created_at: wall,
  }
  // One that counts no more gives its place to this one.
  await tx.idempotency_key.upsert({
    where: { organisation_id_key: { organisation_id, key } },
    create: { organisation_id, key, ...kept },
    update: kept,
  })
  return { answer, replayed: false }
}

/** What was answered to a key that still counts; throws idempotency-conflict when that was another request. */
async function findAnswer<B, S extends ContentfulStatusCode>(
  { organisation_id, tx, wall }: Scope,
  key: string,
  request_hash: string,
): Promise<Answer<B, S> | undefined> {
  const where = { organisation_id_key: { organisation_id, key } }
  const known = await tx.idempotency_key.findUnique({ where })
  if (known === null || known.created_at <= plus(wall(), -KEPT_DAYS * DAY_MS)) return undefined
  if (known.request_hash !== request_hash) {
    throw new Refusal(
      'idempotency-conflict',
      `Idempotency-Key ${key} was used for another request. Use a new key for a new request.`,
    )
  }
  return { status: known.status as S, body: JSON.parse(z.string().parse(known.answer)) as B }
}
