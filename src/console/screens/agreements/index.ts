import { lazy } from 'react'
import { agreements as words } from '../../words/agreements.ts'
import type { Screen } from '../screen.ts'

/** What buyers accepted. */
export const agreementScreens: readonly Screen[] = [
  {
    path: '/agreements',
    permission: 'offers.read',
    menu: { group: 'deliver', label: words.title },
    component: lazy(() => import('./agreements.tsx')),
  },
  { path: '/agreements/:id', permission: 'offers.read', component: lazy(() => import('./agreement.tsx')) },
]
