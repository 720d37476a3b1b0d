import { lazy } from 'react'
import { titles } from '../../words/titles.ts'
import type { Screen } from '../screen.ts'

const inMenu = (label: string) => ({ group: 'settings' as const, label })

/** The organisation, who sits in it, what it is connected to, and what was done. */
export const settingsScreens: readonly Screen[] = [
  {
    path: '/organisation',
    permission: 'organisation.read',
    menu: inMenu(titles.organisation),
    component: lazy(() => import('./organisation.tsx')),
  },
  {
    path: '/connections',
    permission: 'connections.read',
    menu: inMenu(titles.connections),
    component: lazy(() => import('./connections.tsx')),
  },
  {
    path: '/connections/new',
    permission: 'connections.manage',
    component: lazy(() => import('./connect.tsx')),
  },
  {
    path: '/connections/:id',
    permission: 'connections.read',
    component: lazy(() => import('./connection.tsx')),
  },
  {
    path: '/connections/:id/steps',
    permission: 'connections.read',
    component: lazy(() => import('./connection-steps.tsx')),
  },
  {
    path: '/members',
    permission: 'members.read',
    menu: inMenu(titles.members),
    component: lazy(() => import('./members.tsx')),
  },
  { path: '/invitations', permission: 'members.read', component: lazy(() => import('./invitations.tsx')) },
  {
    path: '/approvals',
    permission: 'approvals.read',
    menu: inMenu(titles.approvals),
    component: lazy(() => import('./approvals.tsx')),
  },
  { path: '/approvals/:id', permission: 'approvals.read', component: lazy(() => import('./approval.tsx')) },
  {
    path: '/keys',
    permission: 'keys.read',
    menu: inMenu(titles.keys),
    component: lazy(() => import('./keys.tsx')),
  },
  {
    path: '/inbox',
    permission: 'inbox.read',
    menu: inMenu(titles.inbox),
    component: lazy(() => import('./inbox.tsx')),
  },
  { path: '/inbox/:id', permission: 'inbox.read', component: lazy(() => import('./message.tsx')) },
  {
    path: '/audit',
    permission: 'audit.read',
    menu: inMenu(titles.audit),
    component: lazy(() => import('./audit.tsx')),
  },
  { path: '/audit/:sequence', permission: 'audit.read', component: lazy(() => import('./audit-record.tsx')) },
  { path: '/account', menu: inMenu(titles.account), component: lazy(() => import('./account.tsx')) },
  {
    path: '/organisations',
    permission: 'operator',
    menu: inMenu(titles.organisations),
    component: lazy(() => import('./organisations.tsx')),
  },
  {
    path: '/people',
    permission: 'operator',
    menu: inMenu(titles.people),
    component: lazy(() => import('./people.tsx')),
  },
]
