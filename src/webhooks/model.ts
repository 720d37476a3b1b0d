import type { Hint } from '../../connectors/connector.ts'

/** verified: waits for its work; processed: read back; refused: kept as evidence, believed in nothing. */
export const messageStates = ['verified', 'processed', 'refused'] as const
export type MessageState = (typeof messageStates)[number]

export type InboxMessage = {
  id: string
  connection_id: string
  message_id: string
  type: string
  state: MessageState
  reason: string | null
  hints: Hint[]
  received_at: Date
  processed_at: Date | null
}

/** Larger bodies are turned away unread: no cloud's event comes near. */
export const BODY_MAX_BYTES = 256 * 1024
