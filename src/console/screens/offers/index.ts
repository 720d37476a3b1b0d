import { lazy } from 'react'
import { offers as words } from '../../words/offers.ts'
import type { Screen } from '../screen.ts'

const list = lazy(() => import('./offers.tsx'))

/** Offers on clouds: a vendor's, or those that a reseller made. */
export const offerScreens: readonly Screen[] = [
  {
    path: '/offers',
    permission: 'offers.read',
    kind: 'vendor',
    menu: { group: 'sell', label: words.title },
    component: list,
  },
  {
    path: '/offers',
    permission: 'offers.read',
    kind: 'reseller',
    menu: { group: 'resell', label: words.mine },
    component: list,
  },
  { path: '/offers/:id', permission: 'offers.read', component: lazy(() => import('./offer.tsx')) },
]
