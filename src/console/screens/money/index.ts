import { lazy } from 'react'
import { titles } from '../../words/titles.ts'
import type { Screen } from '../screen.ts'

const settlement = 'settlement.read'
const ledger = 'ledger.read'
const payouts = 'payouts.read'
const promises = 'commitments.read'

/** Whether the money that was expected came, where it stands in the books, and what is owed of it. */
export const moneyScreens: readonly Screen[] = [
  {
    path: '/exceptions',
    permission: settlement,
    menu: { group: 'money', label: titles.exceptions },
    component: lazy(() => import('./exceptions.tsx')),
  },
  {
    path: '/reconciliation',
    permission: settlement,
    menu: { group: 'money', label: titles.reconciliation },
    component: lazy(() => import('./reconciliation.tsx')),
  },
  { path: '/reconciliation/:id', permission: settlement, component: lazy(() => import('./reconciled.tsx')) },
  {
    path: '/trace',
    permission: settlement,
    menu: { group: 'money', label: titles.trace },
    component: lazy(() => import('./trace-search.tsx')),
  },
  { path: '/trace/:id', permission: settlement, component: lazy(() => import('./trace.tsx')) },
  {
    path: '/statements',
    permission: settlement,
    menu: { group: 'money', label: titles.statements },
    component: lazy(() => import('./statements.tsx')),
  },
  { path: '/statements/:id', permission: settlement, component: lazy(() => import('./statement.tsx')) },
  {
    path: '/ledger',
    permission: ledger,
    menu: { group: 'money', label: titles.ledger },
    component: lazy(() => import('./accounts.tsx')),
  },
  { path: '/ledger/accounts', permission: ledger, component: lazy(() => import('./account-list.tsx')) },
  { path: '/ledger/account', permission: ledger, component: lazy(() => import('./account.tsx')) },
  { path: '/ledger/entries', permission: ledger, component: lazy(() => import('./entries.tsx')) },
  { path: '/ledger/entries/:id', permission: ledger, component: lazy(() => import('./entry.tsx')) },
  { path: '/ledger/trial-balance', permission: ledger, component: lazy(() => import('./trial-balance.tsx')) },
  { path: '/ledger/periods', permission: ledger, component: lazy(() => import('./periods.tsx')) },
  {
    path: '/commitments',
    permission: promises,
    menu: { group: 'money', label: titles.commitments },
    component: lazy(() => import('./commitments.tsx')),
  },
  {
    path: '/commitments/new',
    permission: 'commitments.manage',
    component: lazy(() => import('./new-commitment.tsx')),
  },
  { path: '/commitments/:id', permission: promises, component: lazy(() => import('./commitment.tsx')) },
  {
    path: '/partners',
    permission: payouts,
    kind: 'vendor',
    menu: { group: 'money', label: titles.partners },
    component: lazy(() => import('./partners.tsx')),
  },
  {
    path: '/partners/new',
    permission: 'payouts.manage',
    kind: 'vendor',
    component: lazy(() => import('./new-partner.tsx')),
  },
  {
    path: '/partners/:id',
    permission: payouts,
    kind: 'vendor',
    component: lazy(() => import('./partner.tsx')),
  },
  {
    path: '/partner-statements',
    permission: payouts,
    kind: 'vendor',
    menu: { group: 'money', label: titles.partnerStatements },
    component: lazy(() => import('./partner-statements.tsx')),
  },
  {
    path: '/partner-statements/:id',
    permission: payouts,
    kind: 'vendor',
    component: lazy(() => import('./partner-statement.tsx')),
  },
]
