import { lazy } from 'react'
import { titles } from '../../words/titles.ts'
import type { Screen } from '../screen.ts'

/** What buyers accepted. */
export const agreementScreens: readonly Screen[] = [
  {
    path: '/agreements',
    permission: 'offers.read',
    menu: { group: 'deliver', label: titles.agreements },
    component: lazy(() => import('./agreements.tsx')),
  },
  { path: '/agreements/:id', permission: 'offers.read', component: lazy(() => import('./agreement.tsx')) },
]
