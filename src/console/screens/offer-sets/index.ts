import { lazy } from 'react'
import type { Screen } from '../screen.ts'

/** Sets of offers for one buyer. They are reached from the offers and the deals. */
export const offerSetScreens: readonly Screen[] = [
  {
    path: '/offer-sets',
    permission: 'offers.read',
    kind: 'vendor',
    component: lazy(() => import('./offer-sets.tsx')),
  },
  {
    path: '/offer-sets/new',
    permission: 'offers.manage',
    kind: 'vendor',
    component: lazy(() => import('./new.tsx')),
  },
  {
    path: '/offer-sets/:id',
    permission: 'offers.read',
    kind: 'vendor',
    component: lazy(() => import('./offer-set.tsx')),
  },
]
