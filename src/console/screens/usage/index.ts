import { lazy } from 'react'
import { titles } from '../../words/titles.ts'
import type { Screen } from '../screen.ts'

/** Usage by hour, what is at risk, and what was reported. */
export const usageScreens: readonly Screen[] = [
  {
    path: '/usage',
    permission: 'usage.read',
    menu: { group: 'deliver', label: titles.usage },
    component: lazy(() => import('./usage.tsx')),
  },
  { path: '/usage/records', permission: 'usage.read', component: lazy(() => import('./records.tsx')) },
  { path: '/usage/meters', permission: 'usage.read', component: lazy(() => import('./meters.tsx')) },
  {
    path: '/usage/:agreement_id/:dimension/:hour',
    permission: 'usage.read',
    component: lazy(() => import('./hour.tsx')),
  },
]
