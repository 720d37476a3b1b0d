// What is asked about an agreement. Each request is an operation on that agreement: its id is the operation's.
import { z } from 'zod'
import { type AgreementRequest, DECLINED, type RequestKind, WITHDRAWN } from '../../connectors/connector.ts'
import { type MoneyText, parseMoney } from '../core/money.ts'
import type { Operation } from '../operations/index.ts'

const words = z.string().nullable()
const amount = z.strictObject({ currency: z.string(), amount: z.string() })

/** What is asked, as it is written down: amounts as text. */
export const askedSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cancellation'), reason: z.string(), words }),
  z.strictObject({ kind: z.literal('payment'), name: z.string(), amount, words }),
  z.strictObject({ kind: z.literal('refund'), invoice_id: z.string(), amount, reason: z.string(), words }),
])
export type Asked = z.infer<typeof askedSchema>

/** The same with the cloud's id of the agreement: what the operation keeps. */
export const storedRequest = z.strictObject({ agreement_id: z.string(), asked: askedSchema })

export function toRequest(stored: unknown): AgreementRequest {
  const { agreement_id, asked } = storedRequest.parse(stored)
  if (asked.kind === 'cancellation') return { ...asked, agreement_id }
  const money = parseMoney(asked.amount.currency, asked.amount.amount)
  if (money === undefined) throw new Error(`${asked.amount.amount} was written down and is no amount`)
  return { ...asked, agreement_id, amount: money }
}

/** asked: the buyer or the cloud has not decided. declined: a person said no. refused: the cloud did not take it. */
export const requestStates = ['asked', 'granted', 'declined', 'withdrawn', 'refused'] as const
export type RequestState = (typeof requestStates)[number]

export function stateOf({ state, problems }: Pick<Operation, 'state' | 'problems'>): RequestState {
  if (state === 'succeeded') return 'granted'
  if (state !== 'failed') return 'asked'
  if (problems.some(({ code }) => code === DECLINED)) return 'declined'
  return problems.some(({ code }) => code === WITHDRAWN) ? 'withdrawn' : 'refused'
}

export type ShownRequest = {
  id: string
  kind: RequestKind
  state: RequestState
  reason: string | null
  name: string | null
  invoice_id: string | null
  amount: MoneyText | null
  words: string | null
  /** The cloud has it, and nobody has decided: it can be taken back. */
  can_be_withdrawn: boolean
  problems: Operation['problems']
  created_at: string
  ended_at: string | null
}

export function shownRequest(operation: Operation): ShownRequest {
  const { kind, words, ...rest } = storedRequest.parse(operation.request).asked
  return {
    id: operation.id,
    kind,
    state: stateOf(operation),
    reason: 'reason' in rest ? rest.reason : null,
    name: 'name' in rest ? rest.name : null,
    invoice_id: 'invoice_id' in rest ? rest.invoice_id : null,
    amount: 'amount' in rest ? rest.amount : null,
    words,
    can_be_withdrawn: kind !== 'refund' && operation.state === 'accepted',
    problems: operation.problems,
    created_at: operation.created_at.toISOString(),
    ended_at: operation.finished_at?.toISOString() ?? null,
  }
}

/** What a request is called in a sentence. */
export function nameOf(asked: Asked): string {
  switch (asked.kind) {
    case 'cancellation':
      return 'end the agreement'
    case 'payment':
      return `charge ${asked.amount.amount} ${asked.amount.currency} for "${asked.name}"`
    case 'refund':
      return `give back ${asked.amount.amount} ${asked.amount.currency} of invoice ${asked.invoice_id}`
  }
}
