import { lazy } from 'react'
import { titles } from '../../words/titles.ts'
import type { Screen } from '../screen.ts'

/** What was asked of clouds, and what of it waits for a person. */
export const taskScreens: readonly Screen[] = [
  {
    path: '/tasks',
    permission: 'operations.read',
    menu: { group: 'deliver', label: titles.tasks },
    component: lazy(() => import('./tasks.tsx')),
  },
  {
    path: '/operations',
    permission: 'operations.read',
    menu: { group: 'deliver', label: titles.operations },
    component: lazy(() => import('./operations.tsx')),
  },
  {
    path: '/operations/:id',
    permission: 'operations.read',
    component: lazy(() => import('./operation.tsx')),
  },
]
