import { lazy } from 'react'
import { tasks as words } from '../../words/tasks.ts'
import type { Screen } from '../screen.ts'

/** What was asked of clouds, and what of it waits for a person. */
export const taskScreens: readonly Screen[] = [
  {
    path: '/tasks',
    permission: 'operations.read',
    menu: { group: 'deliver', label: words.title },
    component: lazy(() => import('./tasks.tsx')),
  },
  {
    path: '/operations',
    permission: 'operations.read',
    menu: { group: 'deliver', label: words.operations.title },
    component: lazy(() => import('./operations.tsx')),
  },
  {
    path: '/operations/:id',
    permission: 'operations.read',
    component: lazy(() => import('./operation.tsx')),
  },
]
