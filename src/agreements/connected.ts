import { z } from 'zod'
import type { Cloud, Connector } from '../../connectors/connector.ts'
import { facet, type OpenConnection } from '../connections/index.ts'

/** What of a connection decides how its agreements are dealt with. */
export type Connected = {
  id: string
  cloud: Cloud
  /** What one sign-up covers: that agreement, or whatever its buyer orders. */
  covers: 'agreement' | 'buyer'
  /** Whether the cloud is told that the seller is ready as soon as the buyer has signed up. */
  activates: boolean
  /** What buyers who wish for another plan or quantity are answered; null where the cloud does not ask. */
  answer: 'accept' | 'reject' | null
}

const ours = z.object({
  activation: z.enum(['automatic', 'by_hand']).default('automatic').catch('automatic'),
  plan_changes: z.enum(['accept', 'reject']).default('accept').catch('accept'),
})

export function connectedOf({ cloud, connector, connection }: OpenConnection): Connected {
  return connectedBy(cloud, connector, connection)
}

/** The same for a connection that is not opened: none of it is secret. */
export function connectedBy(
  cloud: Cloud,
  connector: Connector,
  { id, settings }: { id: string; settings: unknown },
): Connected {
  const { registration, activate, answer } = facet(connector, 'agreements')
  const { activation, plan_changes } = ours.parse(settings)
  return {
    id,
    cloud,
    covers: registration.covers,
    activates: activate !== undefined && activation === 'automatic',
    answer: answer === undefined ? null : plan_changes,
  }
}
