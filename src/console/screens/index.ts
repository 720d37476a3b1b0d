import { offerScreens } from './offers/index.ts'
import type { Screen } from './screen.ts'

/** Every screen, in the order of the navigation. */
export const screens: readonly Screen[] = [...offerScreens]
