import { lazy } from 'react'
import { account } from '../../words/account.ts'
import { approvals } from '../../words/approvals.ts'
import { audit } from '../../words/audit.ts'
import { connections } from '../../words/connections.ts'
import { inbox } from '../../words/inbox.ts'
import { keys } from '../../words/keys.ts'
import { members } from '../../words/members.ts'
import { installation, organisation } from '../../words/organisation.ts'
import type { Screen } from '../screen.ts'

const inMenu = (label: string) => ({ group: 'settings' as const, label })

/** The organisation, who sits in it, what it is connected to, and what was done. */
export const settingsScreens: readonly Screen[] = [
  {
    path: '/organisation',
    permission: 'organisation.read',
    menu: inMenu(organisation.title),
    component: lazy(() => import('./organisation.tsx')),
  },
  {
    path: '/connections',
    permission: 'connections.read',
    menu: inMenu(connections.title),
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
    path: '/members',
    permission: 'members.read',
    menu: inMenu(members.title),
    component: lazy(() => import('./members.tsx')),
  },
  { path: '/invitations', permission: 'members.read', component: lazy(() => import('./invitations.tsx')) },
  {
    path: '/approvals',
    permission: 'approvals.read',
    menu: inMenu(approvals.title),
    component: lazy(() => import('./approvals.tsx')),
  },
  { path: '/approvals/:id', permission: 'approvals.read', component: lazy(() => import('./approval.tsx')) },
  {
    path: '/keys',
    permission: 'keys.read',
    menu: inMenu(keys.title),
    component: lazy(() => import('./keys.tsx')),
  },
  {
    path: '/inbox',
    permission: 'inbox.read',
    menu: inMenu(inbox.title),
    component: lazy(() => import('./inbox.tsx')),
  },
  { path: '/inbox/:id', permission: 'inbox.read', component: lazy(() => import('./message.tsx')) },
  {
    path: '/audit',
    permission: 'audit.read',
    menu: inMenu(audit.title),
    component: lazy(() => import('./audit.tsx')),
  },
  { path: '/audit/:sequence', permission: 'audit.read', component: lazy(() => import('./audit-record.tsx')) },
  { path: '/account', menu: inMenu(account.title), component: lazy(() => import('./account.tsx')) },
  {
    path: '/organisations',
    permission: 'operator',
    menu: inMenu(installation.organisations.title),
    component: lazy(() => import('./organisations.tsx')),
  },
  {
    path: '/people',
    permission: 'operator',
    menu: inMenu(installation.people.title),
    component: lazy(() => import('./people.tsx')),
  },
]
