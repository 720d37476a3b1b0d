import { lazy } from 'react'
import { home as words } from '../../words/home.ts'
import type { Screen } from '../screen.ts'

/** Where everybody begins. */
export const homeScreens: readonly Screen[] = [
  { path: '/', menu: { group: 'start', label: words.title }, component: lazy(() => import('./home.tsx')) },
]
