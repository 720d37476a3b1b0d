import { lazy } from 'react'
import { titles } from '../../words/titles.ts'
import type { Screen } from '../screen.ts'

/** The embedded clouds from the other side. */
export const sandboxScreens: readonly Screen[] = [
  {
    path: '/sandbox',
    permission: 'sandbox.manage',
    sandbox: true,
    menu: { group: 'start', label: titles.sandbox },
    component: lazy(() => import('./sandbox.tsx')),
  },
]
