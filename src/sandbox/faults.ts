// Things that go wrong on purpose: on the next calls to a cloud, or on its messages.
import type { Cloud } from '../../connectors/connector.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import { linkOf, played } from './link.ts'
import { openMarkets } from './model.ts'

/** What can go wrong: the closed list, as the sandbox knows it. */
export const faultNames = [
  'drop_request',
  'drop_answer',
  'delay',
  'throttle',
  'error_500',
  'error_503',
  'expired_token',
  'truncated_json',
  'partial_batch',
  'duplicate_event',
  'reorder_events',
] as const
export type FaultName = (typeof faultNames)[number]
/** Those that meet a cloud's messages instead of our calls. */
const ON_MESSAGES: readonly FaultName[] = ['duplicate_event', 'reorder_events']

export type FaultDraft = {
  fault: FaultName
  cloud?: Cloud | undefined
  service?: string | undefined
  operation?: string | undefined
  after?: number | undefined
  times?: number | undefined
  delay_ms?: number | undefined
}
/** seen: how many calls it could have met. used: how many it has met. */
export type PlannedFault = FaultDraft & { id: string; seen: number; used: number }

export async function listFaults(context: Pick<Context, 'sandbox'>): Promise<PlannedFault[]> {
  return played(() => linkOf(context).control.read<PlannedFault[]>('/faults'))
}

/** Plans a fault. One on messages needs no names: where they are met each cloud's file says. */
export async function planFault(context: Pick<Context, 'sandbox'>, draft: FaultDraft): Promise<PlannedFault> {
  const { control } = linkOf(context)
  const { cloud, service } = draft
  const messages =
    cloud !== undefined && service === undefined && ON_MESSAGES.includes(draft.fault)
      ? openMarkets(control)[cloud].messages
      : {}
  return played(() => control.send<PlannedFault>('/faults', { ...draft, ...messages }))
}

/** Takes a planned fault back. Throws not-found. */
export async function takeBack(context: Pick<Context, 'sandbox'>, id: string): Promise<PlannedFault> {
  const found = (await listFaults(context)).find((fault) => fault.id === id)
  if (found === undefined) throw new Refusal('not-found', `There is no planned fault ${id}.`)
  await played(() => linkOf(context).control.remove(`/faults/${encodeURIComponent(id)}`))
  return found
}
