// Who may do what, as data: the permissions, and the roles that hold them. The documentation prints these tables and
// the tests hold every route against them.

/** What can be allowed, each with what it lets one do. */
export const permissions = {
  'organisation.read': 'see the organisation and its settings',
  'organisation.manage': 'rename the organisation and choose which acts need two people',
  'members.read': 'see who sits in the organisation',
  'members.manage': 'invite people, change their roles, take their seats away',
  'keys.read': 'see API keys, never their secrets',
  'keys.manage': 'make and revoke API keys',
  'connections.read': 'see connections, never their credentials',
  'connections.manage': 'connect seller accounts and change their credentials',
  'catalog.read': 'see products and listings',
  'catalog.manage': 'write products and publish listings',
  'offers.read': 'see deals, offers, resale authorizations and agreements',
  'offers.manage':
    'write deals, make and withdraw offers, open and accept resale authorizations, activate agreements',
  'refunds.manage': "give buyers' money back",
  'usage.read': 'see usage and what became of it',
  'usage.send': 'send usage events',
  'operations.read': 'see every change asked of a cloud',
  'operations.manage': 'complete human tasks',
  'settlement.read': 'see statements, reconciliation and exceptions',
  'settlement.manage': 'bring statements and settle exceptions',
  'ledger.read': 'see accounts, entries and balances, and export the books',
  'ledger.manage': 'close and reopen periods',
  'payouts.read': 'see partners and their statements',
  'payouts.manage': 'write partner agreements and close partner statements',
  'commitments.read': 'see commitments and their drawdown',
  'commitments.manage': 'write commitments',
  'inbox.read': "see the clouds' messages",
  'approvals.read': 'see acts that wait for a second person',
  'approvals.decide': "agree to or refuse another person's act",
  'audit.read': 'see and export who did what',
  'sandbox.manage':
    'move the time of the embedded clouds, act as their buyers and sellers, plan faults (sandbox mode only)',
} as const

export type Permission = keyof typeof permissions
export const permissionNames = Object.keys(permissions) as Permission[]

const reads = permissionNames.filter((name) => name.endsWith('.read'))
const everydayReads = reads.filter((name) => name !== 'audit.read' && name !== 'keys.read')

/** The roles a member may have; several add up. */
export const roles = {
  owner: { title: 'Everything in the organisation, other owners included', allows: permissionNames },
  admin: {
    title: 'People, keys, connections and the daily work; no owners, no books',
    allows: permissionNames.filter(
      (name) =>
        ![
          'organisation.manage',
          'ledger.manage',
          'payouts.manage',
          'refunds.manage',
          'settlement.manage',
        ].includes(name),
    ),
  },
  offers: {
    title: 'Products, listings, deals, offers and resellers',
    allows: [...everydayReads, 'catalog.manage', 'offers.manage', 'operations.manage'],
  },
  finance: {
    title: 'Statements, reconciliation, the ledger, partners and commitments',
    allows: [
      ...everydayReads,
      'settlement.manage',
      'ledger.manage',
      'payouts.manage',
      'refunds.manage',
      'commitments.manage',
      'approvals.decide',
    ],
  },
  engineer: {
    title: 'Usage, keys to send it, and what the clouds answered',
    allows: [
      'organisation.read',
      'connections.read',
      'catalog.read',
      'offers.read',
      'usage.read',
      'usage.send',
      'operations.read',
      'inbox.read',
      'keys.read',
      'keys.manage',
    ],
  },
  auditor: { title: 'Reads everything, the audit record included, and changes nothing', allows: reads },
} as const satisfies Record<string, { title: string; allows: readonly Permission[] }>

export type Role = keyof typeof roles
export const roleNames = Object.keys(roles) as [Role, ...Role[]]

/** What several roles allow together. */
export function allowedBy(held: readonly Role[]): ReadonlySet<Permission> {
  return new Set(held.flatMap((role) => [...roles[role].allows]))
}

/** The roles that hold a permission, for the refusal that asks for it. */
export function holdersOf(permission: Permission): Role[] {
  return roleNames.filter((role) => allowedBy([role]).has(permission))
}
