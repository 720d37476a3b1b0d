// The outside world as the sandbox plays it, for whoever acts in it: the panel here, and the demonstration.
import type { Cloud } from '../../connectors/connector.ts'
import { openAwsMarket } from './clouds/aws.ts'
import { openAzureMarket } from './clouds/azure.ts'
import { openGcpMarket } from './clouds/gcp.ts'
import type { Control } from './control.ts'
import type { Market } from './market.ts'

export { openAwsMarket } from './clouds/aws.ts'
export { openAzureMarket } from './clouds/azure.ts'
export { lastOf, openGcpMarket } from './clouds/gcp.ts'
export { type Control, openControl } from './control.ts'
/** What the service holds of the sandbox beside the clouds' own addresses. */
export type SandboxLink = {
  control: Control
  /** Brings business time up to date after the clock was moved. */
  refresh(): Promise<void>
}
export type { Market } from './market.ts'

/** The three marketplaces behind one control API. */
export function openMarkets(control: Control): Readonly<Record<Cloud, Market>> {
  return { aws: openAwsMarket(control), azure: openAzureMarket(control), gcp: openGcpMarket(control) }
}
