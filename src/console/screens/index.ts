import { catalogScreens } from './catalog/index.ts'
import { dealScreens } from './deals/index.ts'
import { homeScreens } from './home/index.ts'
import { offerScreens } from './offers/index.ts'
import { resellingScreens } from './reselling/index.ts'
import { sandboxScreens } from './sandbox/index.ts'
import type { Screen } from './screen.ts'

/** Every screen, in the order of the navigation. */
export const screens: readonly Screen[] = [
  ...homeScreens,
  ...sandboxScreens,
  ...dealScreens,
  ...offerScreens,
  ...resellingScreens,
  ...catalogScreens,
]
