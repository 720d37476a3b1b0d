import { lazy } from 'react'
import { titles } from '../../words/titles.ts'
import type { Screen } from '../screen.ts'

/** Both sides of a resale: what a vendor opened, and what was opened to a reseller. */
export const resellingScreens: readonly Screen[] = [
  {
    path: '/resale-authorizations',
    permission: 'offers.read',
    kind: 'vendor',
    menu: { group: 'sell', label: titles.authorizations },
    component: lazy(() => import('./authorizations.tsx')),
  },
  {
    path: '/resale-authorizations/:id',
    permission: 'offers.read',
    kind: 'vendor',
    component: lazy(() => import('./authorization.tsx')),
  },
  {
    path: '/opened',
    permission: 'offers.read',
    kind: 'reseller',
    menu: { group: 'resell', label: titles.opened },
    component: lazy(() => import('./opened.tsx')),
  },
  {
    path: '/opened/:id',
    permission: 'offers.read',
    kind: 'reseller',
    component: lazy(() => import('./opened-one.tsx')),
  },
  {
    path: '/offers',
    permission: 'offers.read',
    kind: 'reseller',
    menu: { group: 'resell', label: titles.myOffers },
    component: lazy(() => import('../offers/offers.tsx')),
  },
  {
    path: '/my-statements',
    permission: 'payouts.read',
    kind: 'reseller',
    menu: { group: 'resell', label: titles.myStatements },
    component: lazy(() => import('./statements.tsx')),
  },
  {
    path: '/my-statements/:id',
    permission: 'payouts.read',
    kind: 'reseller',
    component: lazy(() => import('./statement.tsx')),
  },
]
