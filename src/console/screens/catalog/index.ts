import { lazy } from 'react'
import { titles } from '../../words/titles.ts'
import type { Screen } from '../screen.ts'

/** Products, and their listings on clouds. */
export const catalogScreens: readonly Screen[] = [
  {
    path: '/products',
    permission: 'catalog.read',
    kind: 'vendor',
    menu: { group: 'sell', label: titles.products },
    component: lazy(() => import('./products.tsx')),
  },
  {
    path: '/products/new',
    permission: 'catalog.manage',
    kind: 'vendor',
    component: lazy(() => import('./new-product.tsx')),
  },
  {
    path: '/products/:id',
    permission: 'catalog.read',
    kind: 'vendor',
    component: lazy(() => import('./product.tsx')),
  },
  {
    path: '/products/:id/publish',
    permission: 'catalog.manage',
    kind: 'vendor',
    component: lazy(() => import('./publish.tsx')),
  },
  {
    path: '/listings',
    permission: 'catalog.read',
    kind: 'vendor',
    menu: { group: 'sell', label: titles.listings },
    component: lazy(() => import('./listings.tsx')),
  },
  {
    path: '/listings/:id',
    permission: 'catalog.read',
    kind: 'vendor',
    component: lazy(() => import('./listing.tsx')),
  },
  {
    path: '/listings/:id/edit',
    permission: 'catalog.manage',
    kind: 'vendor',
    component: lazy(() => import('./edit-listing.tsx')),
  },
]
