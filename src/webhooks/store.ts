import { z } from 'zod'
import type { Hint } from '../../connectors/connector.ts'
import { toldSchema, wishSchema } from '../agreements/model.ts'
import { containing, type Slice, stated } from '../core/order.ts'
import { type Prisma, type Scope, toJson } from '../store/index.ts'
import { type InboxMessage, type MessageState, messageStates } from './model.ts'

type Row = Prisma.inbox_messageGetPayload<Record<string, never>>

const hints = z.array(
  z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('agreement_changed'),
      agreement_id: z.string(),
      license: z.string().nullable(),
      product_id: z.string().nullable(),
      product_code: z.string().nullable(),
      told: toldSchema.exactOptional(),
      news: z.string().exactOptional(),
    }),
    z.object({
      kind: z.literal('customer_changed'),
      customer: z.string(),
      product_code: z.string(),
      offer_id: z.string().nullable(),
    }),
    z.object({ kind: z.literal('change_wished'), wish: wishSchema }),
    z.object({ kind: z.literal('offer_changed'), offer_id: z.string() }),
    z.object({ kind: z.literal('change_finished'), reference: z.string() }),
    z.object({ kind: z.literal('disbursement_paused') }),
    z.object({ kind: z.literal('nothing'), reason: z.string() }),
  ]),
)

export function fromRow(row: Row): InboxMessage {
  const { organisation_id: _, headers: __, body: ___, ...rest } = row
  return { ...rest, state: z.enum(messageStates).parse(row.state), hints: hints.parse(row.hints) }
}

export type NewMessage = {
  connection_id: string
  message_id: string
  type: string
  state: 'verified' | 'refused'
  reason: string | null
  headers: Record<string, string>
  body: string
  hints: Hint[]
}

/** Remembers a message once: a second delivery answers undefined. */
export async function remember(scope: Scope, message: NewMessage): Promise<string | undefined> {
  const { organisation_id, tx } = scope
  const id = scope.id('message')
  const { headers, hints: found, body, ...columns } = message
  const made = await tx.inbox_message.createMany({
    data: [
      {
        organisation_id,
        id,
        ...columns,
        // What is forged may hold anything; no text of the database holds NUL.
        body: body.replaceAll('\0', '\uFFFD'),
        headers: toJson(headers),
        hints: toJson(found),
        received_at: scope.now(),
      },
    ],
    skipDuplicates: true,
  })
  return made.count === 0 ? undefined : id
}

/** One message, which nobody else follows until this transaction ends. */
export async function findLocked(scope: Scope, id: string): Promise<InboxMessage | undefined> {
  const { organisation_id, tx } = scope
  await tx.$queryRaw`
    SELECT 1 FROM inbox_message WHERE organisation_id = ${organisation_id} AND id = ${id} FOR UPDATE`
  const row = await tx.inbox_message.findUnique({ where: { organisation_id_id: { organisation_id, id } } })
  return row === null ? undefined : fromRow(row)
}

export async function markProcessed(scope: Scope, id: string): Promise<void> {
  await scope.tx.inbox_message.update({
    where: { organisation_id_id: { organisation_id: scope.organisation_id, id } },
    data: { state: 'processed', processed_at: scope.now() },
  })
}

/** What messages can be ordered by; their ids are made when they arrive. */
export const inboxOrders = {
  received_at: { column: 'id', holds: 'text' },
  type: { column: 'type', holds: 'text' },
} as const

export type InboxFilter = {
  state?: MessageState | undefined
  connection_id?: string | undefined
  received?: { from?: Date; until?: Date }
  q?: string | undefined
}

/** A page of messages in the order of the slice. */
export async function findPage(
  scope: Scope,
  { q, received: { from, until } = {}, ...filter }: InboxFilter,
  slice: Slice,
): Promise<InboxMessage[]> {
  const rows = await scope.tx.inbox_message.findMany({
    where: {
      organisation_id: scope.organisation_id,
      ...stated(filter),
      received_at: {
        ...(from === undefined ? {} : { gte: from }),
        ...(until === undefined ? {} : { lt: until }),
      },
      ...containing(['type', 'message_id', 'id'], q),
      ...slice.where,
    },
    orderBy: slice.orderBy,
    take: slice.take,
  })
  return rows.map(fromRow)
}

/** One message as it came; undefined where there is none. */
export async function findMessage(
  { organisation_id, tx }: Scope,
  id: string,
): Promise<(InboxMessage & { headers: Record<string, string>; body: string }) | undefined> {
  const row = await tx.inbox_message.findUnique({ where: { organisation_id_id: { organisation_id, id } } })
  if (row === null) return undefined
  return { ...fromRow(row), headers: z.record(z.string(), z.string()).parse(row.headers), body: row.body }
}
