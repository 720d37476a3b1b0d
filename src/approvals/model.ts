import { z } from 'zod'
import type { Permission } from '../access/index.ts'
import { DAY_MS } from '../core/time.ts'
import type { Scope } from '../store/index.ts'

/**
 * Everything that may need a second person: the closed list, with the permission that both of them need. What each does
 * is put together in services.ts, one line an act. `chosen`: whether two people are asked for is the organisation's own
 * choice.
 */
export const acts = {
  'connections.change_credentials': {
    permission: 'connections.manage',
    title: "change a connection's credentials",
    chosen: true,
  },
  'partner_statements.close': {
    permission: 'payouts.manage',
    title: "close a partner's month, which says what it is paid",
    chosen: true,
  },
  'ledger.reopen': { permission: 'ledger.manage', title: 'reopen a closed month', chosen: true },
  'agreements.refund': {
    permission: 'refunds.manage',
    title: "give a buyer's money back",
    chosen: true,
  },
  'organisation.ask_fewer': {
    permission: 'organisation.manage',
    title: 'let acts be done by one person again',
    chosen: false,
  },
} as const satisfies Record<string, { permission: Permission; title: string; chosen: boolean }>

export type ActName = keyof typeof acts
export const actNames = Object.keys(acts) as [ActName, ...ActName[]]
/** The acts for which an organisation may ask for two people. */
export const choosableActs = actNames.filter((name) => acts[name].chosen) as [ActName, ...ActName[]]

/** What stood before an act and what stands after it, as the API shows it. */
export type Done = { before: unknown; after: unknown }

/** Does each act in the transaction it is given, from the request that was kept; never calls a cloud. */
export type ActHandlers = Readonly<Record<ActName, (scope: Scope, request: unknown) => Promise<Done>>>

/** How long an act waits for its second person, in wall time. */
export const WAITS_FOR_MS = 7 * DAY_MS

/** waiting → approved or refused by another person, withdrawn by who asked, or expired. */
export const approvalStates = ['waiting', 'approved', 'refused', 'withdrawn', 'expired'] as const
export type ApprovalState = (typeof approvalStates)[number]

export type Approval = {
  id: string
  act: ActName
  subject_id: string
  /** What was asked for; its secrets are sealed elsewhere and are never shown. */
  request: unknown
  /** What doing it when it was asked would have answered: it was tried and undone. Ids in it are not real. */
  foreseen: unknown
  state: ApprovalState
  asked_by: string
  asked_at: Date
  expires_at: Date
  decided_by: string | null
  decided_at: Date | null
  note: string | null
  /** What doing it answered. */
  result: unknown
}

/** The two halves of the `request` column. */
export const keptRequest = z.object({ asked: z.unknown(), foreseen: z.unknown() })
