import { lazy } from 'react'
import { titles } from '../../words/titles.ts'
import type { Screen } from '../screen.ts'

/** Where everybody begins. */
export const homeScreens: readonly Screen[] = [
  { path: '/', menu: { group: 'start', label: titles.home }, component: lazy(() => import('./home.tsx')) },
]
