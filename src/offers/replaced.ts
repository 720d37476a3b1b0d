// The agreement whose place a deal takes. The agreements' own room builds on this one, so its rows are read here.
import { invalid } from '../core/problem.ts'
import type { Scope } from '../store/index.ts'
import type { Finding } from './model.ts'

export type Replaced = {
  id: string
  connection_id: string
  cloud_agreement_id: string
  buyer_account_id: string
  state: string
  role: string
}

/** Throws where there is no such agreement of the tenant. */
export async function findReplaced(scope: Scope, id: string): Promise<Replaced> {
  const row = await scope.tx.agreement.findUnique({
    where: { organisation_id_id: { organisation_id: scope.organisation_id, id } },
    select: {
      id: true,
      connection_id: true,
      cloud_agreement_id: true,
      buyer_account_id: true,
      state: true,
      role: true,
    },
  })
  if (row === null)
    throw invalid('replaces_agreement_id', `There is no agreement ${id}`, 'Name one that buyers accepted')
  return row
}

/** Why an agreement cannot be replaced by an offer on a connection. */
export function checkReplaced(
  { id, connection_id, state, role }: Replaced,
  on: { connection_id: string; replaces: boolean; cloud: string },
): Finding[] {
  const field = 'replaces_agreement_id'
  const found: Finding[] = []
  if (!on.replaces) {
    found.push({
      rule: 'replacement',
      field,
      reason: `no offer on ${on.cloud} takes the place of an agreement`,
      fix: 'Write the deal without it',
    })
  }
  if (connection_id !== on.connection_id) {
    found.push({
      rule: 'replacement-elsewhere',
      field,
      reason: `agreement ${id} was made over another account`,
      fix: `Make the offer on connection ${connection_id}`,
    })
  }
  if (state !== 'active') {
    found.push({
      rule: 'replacement-state',
      field,
      reason: `agreement ${id} is ${state}`,
      fix: 'Only an active agreement can be replaced: write a new deal',
    })
  }
  if (role !== 'seller') {
    found.push({
      rule: 'replacement-role',
      field,
      reason: `agreement ${id} was sold by a reseller`,
      fix: 'The reseller replaces it; open a new authorization to it',
    })
  }
  return found
}
