import type { Scenario } from '../scenario.ts'
import { activationScenarios } from './activation.ts'
import { agreementScenarios } from './agreements.ts'
import { askingScenarios } from './asking.ts'
import { connectionScenarios } from './connection.ts'
import { faultReadScenarios } from './fault-reads.ts'
import { faultScenarios } from './faults.ts'
import { forgeryScenarios } from './forgeries.ts'
import { listingChangeScenarios } from './listing-changes.ts'
import { listingScenarios } from './listings.ts'
import { meteringScenarios } from './metering.ts'
import { meteringBatchScenarios } from './metering-batches.ts'
import { meteringBoundScenarios } from './metering-bounds.ts'
import { offerRuleScenarios } from './offer-rules.ts'
import { offerScenarios } from './offers.ts'
import { refundScenarios } from './refunds.ts'
import { resaleScenarios } from './resale.ts'
import { settlementScenarios } from './settlements.ts'
import { statementFileScenarios } from './statement-files.ts'
import { statementPullScenarios } from './statement-pulls.ts'
import { syndicationScenarios } from './syndication.ts'
import { tokenScenarios } from './tokens.ts'
import { webhookScenarios } from './webhooks.ts'

/** Every scenario, in the order of the table. */
export const scenarios: readonly Scenario[] = [
  ...connectionScenarios,
  ...listingScenarios,
  ...listingChangeScenarios,
  ...offerScenarios,
  ...offerRuleScenarios,
  ...syndicationScenarios,
  ...resaleScenarios,
  ...agreementScenarios,
  ...tokenScenarios,
  ...activationScenarios,
  ...askingScenarios,
  ...refundScenarios,
  ...meteringScenarios,
  ...meteringBatchScenarios,
  ...meteringBoundScenarios,
  ...settlementScenarios,
  ...statementPullScenarios,
  ...statementFileScenarios,
  ...webhookScenarios,
  ...forgeryScenarios,
  ...faultReadScenarios,
  ...faultScenarios,
]
