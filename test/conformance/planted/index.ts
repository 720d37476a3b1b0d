// Bugs that the suite must catch: for each the scenarios that must see it.
import { agreementBugs } from './agreements.ts'
import { faultBugs } from './faults.ts'
import { messageBugs } from './messages.ts'
import { meteringBugs } from './metering.ts'
import { moneyBugs } from './money.ts'
import type { Planted } from './plant.ts'
import { sellingBugs } from './selling.ts'

export const plantedBugs: readonly Planted[] = [
  ...sellingBugs,
  ...agreementBugs,
  ...meteringBugs,
  ...moneyBugs,
  ...messageBugs,
  ...faultBugs,
]
