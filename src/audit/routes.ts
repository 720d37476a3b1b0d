import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { decodeCursor, toPage } from '../core/page.ts'
import { invalid, Refusal } from '../core/problem.ts'
import { dayOrInstant, json, makeRouter, pageOf, pageQuery, refusals, spanOf } from '../door/index.ts'
import { CHAIN_START, type ChainState, verifyChain } from './model.ts'
import { chainEnd, findPage, findRecord, readChain, type StoredRecord } from './store.ts'

const tags = ['Audit']

const auditRecord = z
  .object({
    sequence: z.string(),
    at: z.string(),
    request_id: z.string(),
    actor: z.object({ kind: z.enum(['key', 'person', 'operator']), id: z.string() }),
    act: z.string(),
    subject_id: z.string(),
    before: z.unknown(),
    after: z.unknown(),
    forgotten: z
      .boolean()
      .openapi({ description: 'Its values were erased with a person; its digests stand.' }),
    salt: z.string(),
    body_digest: z.string(),
    previous_digest: z.string(),
    digest: z.string(),
  })
  .openapi('AuditRecord')

const filter = z.object({
  actor_id: z.string().max(100).optional(),
  act: z.string().max(100).optional().openapi({ description: 'Part of the act, such as "connections".' }),
  subject_id: z.string().max(100).optional(),
  from: dayOrInstant.optional(),
  until: dayOrInstant.optional(),
  sort: z
    .enum(['at', '-at'])
    .optional()
    .openapi({ description: 'Upwards, or downwards with a minus; -at if nothing is said.' }),
})

const list = createRoute({
  method: 'get',
  path: '/v1/audit',
  tags,
  summary: 'Who did what, newest first',
  request: { query: pageQuery.extend(filter.shape) },
  responses: { 200: json(pageOf(auditRecord), 'A page of acts'), ...refusals },
})

const read = createRoute({
  method: 'get',
  path: '/v1/audit/records/{sequence}',
  tags,
  summary: 'One act with what stood before and after',
  request: {
    params: z.object({ sequence: z.string().regex(/^\d{1,18}$/, 'must be the number of a record') }),
  },
  responses: { 200: json(auditRecord, 'The record'), ...refusals },
})

const anchor = {
  sequence: z.coerce.bigint().min(0n).optional(),
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')
    .optional(),
}

const check = createRoute({
  method: 'get',
  path: '/v1/audit/check',
  tags,
  summary: 'Recompute the chain and name the first record that is not what it was',
  description:
    'Keep "head" somewhere else. Given back as sequence and digest, it shows that nothing up to there was changed or cut off since.',
  request: { query: z.object(anchor) },
  responses: {
    200: json(
      z.object({
        ok: z.boolean(),
        records: z.string(),
        head: z.object({ sequence: z.string(), digest: z.string() }),
        broken: z.object({ sequence: z.string(), reason: z.string() }).nullable(),
      }),
      'The state of the chain',
    ),
    ...refusals,
  },
})

const exported = createRoute({
  method: 'get',
  path: '/v1/audit/export',
  tags,
  summary: 'The whole chain as JSON lines, oldest first',
  responses: {
    200: {
      description: 'One record a line',
      content: { 'application/octet-stream': { schema: z.string() } },
    },
    ...refusals,
  },
})

/** Records read at once while a chain is walked. */
const PIECE = 500

export function auditRoutes(context: Context) {
  const { store } = context
  return makeRouter()
    .openapi(list, async (door) => {
      const { limit, cursor, from, until, sort = '-at', ...wanted } = door.req.valid('query')
      const beyond = cursor === undefined ? undefined : toSequence(sort, decodeCursor(cursor))
      const slice = { oldest_first: sort === 'at', limit, beyond }
      const { organisation_id } = door.get('caller')
      const rows = await store.inTenant(organisation_id, (scope) =>
        findPage(scope, { ...wanted, ...spanOf(from, until) }, slice),
      )
      return door.json(
        toPage(rows, limit, (row) => `${sort} ${row.sequence}`, shown),
        200,
      )
    })
    .openapi(read, async (door) => {
      const { sequence } = door.req.valid('param')
      const found = await store.inTenant(door.get('caller').organisation_id, (scope) =>
        findRecord(scope, BigInt(sequence)),
      )
      if (found === undefined) throw new Refusal('not-found', `There is no audit record ${sequence}.`)
      return door.json(shown(found), 200)
    })
    .openapi(check, async (door) => {
      const { organisation_id } = door.get('caller')
      const { sequence, digest } = door.req.valid('query')
      if ((sequence === undefined) !== (digest === undefined)) {
        throw invalid('query.digest', 'goes with sequence', 'Give both, as an earlier check named them')
      }
      const kept = sequence === undefined || digest === undefined ? undefined : { sequence, digest }
      return door.json(await checkChain(context, organisation_id, kept), 200)
    })
    .openapi(exported, (door) => {
      const { organisation_id } = door.get('caller')
      const headers = { 'content-type': 'application/octet-stream' }
      return new Response(lines(context, organisation_id), { headers })
    })
}

function toSequence(sort: string, text: string): bigint {
  const [order, sequence = ''] = text.split(' ')
  if (order !== sort || !/^\d{1,18}$/.test(sequence))
    throw invalid('query.cursor', 'is not one that was given in this order', 'Take "next" of a page')
  return BigInt(sequence)
}

/** Walks the chain in pieces, each in a transaction of its own: it only ever grows at its end. */
async function checkChain({ store }: Context, organisation_id: string, kept: ChainState | undefined) {
  let stands: ChainState = { sequence: 0n, digest: CHAIN_START }
  let kept_seen = kept === undefined || kept.sequence === 0n
  const end = await store.inTenant(organisation_id, chainEnd)
  const answer = (broken: { sequence: string; reason: string } | null) => ({
    ok: broken === null,
    records: String(stands.sequence),
    head: { sequence: String(stands.sequence), digest: stands.digest },
    broken,
  })
  for (;;) {
    const after = stands.sequence
    const records = await store.inTenant(organisation_id, (scope) => readChain(scope, after, PIECE))
    const found = await verifyChain(organisation_id, stands, records)
    if ('broken' in found) return answer(found.broken)
    const meets = records.find((one) => one.sequence === kept?.sequence)
    if (meets !== undefined && kept !== undefined) {
      if (meets.digest !== kept.digest) {
        return answer({
          sequence: String(kept.sequence),
          reason: 'it is not the record that was kept elsewhere',
        })
      }
      kept_seen = true
    }
    stands = found.stands
    if (records.length < PIECE) break
  }
  if (!kept_seen) {
    return answer({
      sequence: String(stands.sequence + 1n),
      reason: 'the chain was cut off before the record kept elsewhere',
    })
  }
  return answer(
    stands.sequence < end.sequence
      ? { sequence: String(stands.sequence + 1n), reason: 'it went missing' }
      : null,
  )
}

function lines({ store }: Context, organisation_id: string): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let after = 0n
  return new ReadableStream({
    async pull(controller) {
      const from = after
      const records = await store.inTenant(organisation_id, (scope) => readChain(scope, from, PIECE))
      for (const one of records) controller.enqueue(encoder.encode(`${JSON.stringify(shown(one))}\n`))
      after = records.at(-1)?.sequence ?? after
      if (records.length < PIECE) controller.close()
    },
  })
}

function shown({ sequence, at, ...rest }: StoredRecord) {
  return { ...rest, sequence: String(sequence), at: at.toISOString() }
}
