import { lazy } from 'react'
import { sandbox as words } from '../../words/sandbox.ts'
import type { Screen } from '../screen.ts'

/** The embedded clouds from the other side. */
export const sandboxScreens: readonly Screen[] = [
  {
    path: '/sandbox',
    permission: 'sandbox.manage',
    sandbox: true,
    menu: { group: 'start', label: words.title },
    component: lazy(() => import('./sandbox.tsx')),
  },
]
