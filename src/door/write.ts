import type { Context as HonoContext, TypedResponse } from 'hono'
import { routePath } from 'hono/route'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { z } from 'zod'
import { type Act, record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { sha256 } from '../core/canonical.ts'
import type { Scope } from '../store/index.ts'
import { CLAIMED, findAnswer, freeKey, holdKey, keepAnswer } from './remember.ts'
import type { DoorEnv } from './router.ts'

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
  const { answer, replayed } = await context.store.inTenant(organisation_id, async (scope) => {
    await holdKey(scope, key)
    const found = await findAnswer<B, S>(scope, key, hash)
    if (found !== undefined) return { answer: found, replayed: true }
    const made = await audited(scope)
    await keepAnswer(scope, key, hash, { status: made.status, text: JSON.stringify(withoutSecrets(made)) })
    return { answer: made, replayed: false }
  })
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
 * A write that acts outside before it writes anything down, where calls must not be made inside a transaction. The key is
 * claimed first, so that of two requests with one key only one acts; when the act is refused, the key is free again.
 * Throws idempotency-conflict or idempotency-in-flight.
 */
export async function deed<R, B, S extends ContentfulStatusCode>(
  context: Pick<Context, 'store' | 'wake'>,
  door: HonoContext<DoorEnv>,
  act: () => Promise<R>,
  answer: (scope: Scope, result: R) => Promise<Answer<B, S>>,
): Promise<Response & TypedResponse<B, S, 'json'>> {
  const { organisation_id } = door.get('caller')
  const key = door.req.header('idempotency-key')
  const inTenant = <T>(work: (scope: Scope) => Promise<T>) => context.store.inTenant(organisation_id, work)
  const hash = await hashOfRequest(door)
  const known =
    key === undefined
      ? undefined
      : await inTenant(async (scope) => {
          await holdKey(scope, key)
          const found = await findAnswer<B, S>(scope, key, hash)
          if (found === undefined) await keepAnswer(scope, key, hash, CLAIMED)
          return found
        })
  if (known !== undefined) {
    door.header('Idempotency-Replayed', 'true')
    return door.json(known.body as object, known.status) as Response & TypedResponse<B, S, 'json'>
  }
  try {
    const result = await act()
    const made = await inTenant(async (scope) => {
      const done = await answer(scope, result)
      await record(scope, actOf(door, done))
      const kept = { status: done.status, text: JSON.stringify(withoutSecrets(done)) }
      if (key !== undefined) await keepAnswer(scope, key, hash, kept)
      return done
    })
    context.wake()
    return door.json(made.body as object, made.status) as Response & TypedResponse<B, S, 'json'>
  } catch (error) {
    if (key !== undefined) await inTenant((scope) => freeKey(scope, key))
    throw error
  }
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
