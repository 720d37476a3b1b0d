import { lazy } from 'react'
import { titles } from '../../words/titles.ts'
import type { Screen } from '../screen.ts'

/** Offers on clouds; a reseller's list of its own stands among what it resells. */
export const offerScreens: readonly Screen[] = [
  {
    path: '/offers',
    permission: 'offers.read',
    kind: 'vendor',
    menu: { group: 'sell', label: titles.offers, also: ['/offer-sets'] },
    component: lazy(() => import('./offers.tsx')),
  },
  { path: '/offers/:id', permission: 'offers.read', component: lazy(() => import('./offer.tsx')) },
]
