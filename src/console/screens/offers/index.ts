import { lazy } from 'react'
import { offers as words } from '../../words/offers.ts'
import type { Screen } from '../screen.ts'

/** Offers on clouds; a reseller's list of its own stands among what it resells. */
export const offerScreens: readonly Screen[] = [
  {
    path: '/offers',
    permission: 'offers.read',
    kind: 'vendor',
    menu: { group: 'sell', label: words.title },
    component: lazy(() => import('./offers.tsx')),
  },
  { path: '/offers/:id', permission: 'offers.read', component: lazy(() => import('./offer.tsx')) },
]
