import { lazy } from 'react'
import { titles } from '../../words/titles.ts'
import type { Screen } from '../screen.ts'

/** Deals: written once, offered on clouds, opened to resellers. */
export const dealScreens: readonly Screen[] = [
  {
    path: '/deals',
    permission: 'offers.read',
    kind: 'vendor',
    menu: { group: 'sell', label: titles.deals },
    component: lazy(() => import('./deals.tsx')),
  },
  {
    path: '/deals/new',
    permission: 'offers.manage',
    kind: 'vendor',
    component: lazy(() => import('./new.tsx')),
  },
  {
    path: '/deals/:id',
    permission: 'offers.read',
    kind: 'vendor',
    component: lazy(() => import('./deal.tsx')),
  },
  {
    path: '/deals/:id/offer',
    permission: 'offers.manage',
    kind: 'vendor',
    component: lazy(() => import('./make-offer.tsx')),
  },
  {
    path: '/deals/:id/open',
    permission: 'offers.manage',
    kind: 'vendor',
    component: lazy(() => import('./open-to-reseller.tsx')),
  },
]
