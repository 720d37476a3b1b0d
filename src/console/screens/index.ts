import { agreementScreens } from './agreements/index.ts'
import { offerScreens } from './offers/index.ts'
import type { Screen } from './screen.ts'
import { taskScreens } from './tasks/index.ts'
import { usageScreens } from './usage/index.ts'

/** Every screen, in the order of the navigation. */
export const screens: readonly Screen[] = [
  ...offerScreens,
  ...agreementScreens,
  ...usageScreens,
  ...taskScreens,
]
