import type { Scenario } from '../scenario.ts'
import { activationScenarios } from './activation.ts'
import { agreementScenarios } from './agreements.ts'
import { connectionScenarios } from './connection.ts'
import { faultReadScenarios } from './fault-reads.ts'
import { faultScenarios } from './faults.ts'
import { listingScenarios } from './listings.ts'
import { meteringScenarios } from './metering.ts'
import { meteringBoundScenarios } from './metering-bounds.ts'
import { offerScenarios } from './offers.ts'
import { settlementScenarios } from './settlements.ts'
import { statementFileScenarios } from './statement-files.ts'
import { syndicationScenarios } from './syndication.ts'
import { tokenScenarios } from './tokens.ts'
import { webhookScenarios } from './webhooks.ts'

/** Every scenario, in the order of the table. */
export const scenarios: readonly Scenario[] = [
  ...connectionScenarios,
  ...listingScenarios,
  ...offerScenarios,
  ...syndicationScenarios,
  ...agreementScenarios,
  ...tokenScenarios,
  ...activationScenarios,
  ...meteringScenarios,
  ...meteringBoundScenarios,
  ...settlementScenarios,
  ...statementFileScenarios,
  ...webhookScenarios,
  ...faultReadScenarios,
  ...faultScenarios,
]
