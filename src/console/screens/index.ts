import { agreementScreens } from './agreements/index.ts'
import { catalogScreens } from './catalog/index.ts'
import { dealScreens } from './deals/index.ts'
import { homeScreens } from './home/index.ts'
import { moneyScreens } from './money/index.ts'
import { offerSetScreens } from './offer-sets/index.ts'
import { offerScreens } from './offers/index.ts'
import { resellingScreens } from './reselling/index.ts'
import { sandboxScreens } from './sandbox/index.ts'
import type { Screen } from './screen.ts'
import { settingsScreens } from './settings/index.ts'
import { taskScreens } from './tasks/index.ts'
import { usageScreens } from './usage/index.ts'

/** Every screen, in the order of the navigation. */
export const screens: readonly Screen[] = [
  ...homeScreens,
  ...sandboxScreens,
  ...dealScreens,
  ...offerScreens,
  ...offerSetScreens,
  ...resellingScreens,
  ...catalogScreens,
  ...agreementScreens,
  ...usageScreens,
  ...taskScreens,
  ...moneyScreens,
  ...settingsScreens,
]
