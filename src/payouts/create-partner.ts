import type { Decimal } from '../core/decimal.ts'
import { Refusal } from '../core/problem.ts'
import type { Scope } from '../store/index.ts'
import { findPartnerLike, insertPartner, type Partner } from './store.ts'

/**
 * A partner by its account on a cloud, its tenant here, or both; the percentage holds for sales disbursed from now. A
 * reseller with accounts on several clouds is a partner for each of them, or one for all that is named by its tenant only.
 */
export async function createPartner(
  scope: Scope,
  wanted: {
    name: string
    reseller_account_id?: string | undefined
    reseller_organisation_id?: string | undefined
    share_percent: Decimal
  },
): Promise<Partner> {
  const account_id = wanted.reseller_account_id ?? null
  const organisation_id = wanted.reseller_organisation_id ?? null
  const known = await findPartnerLike(scope, { account_id, organisation_id })
  if (known !== undefined) {
    throw new Refusal('conflict', `This reseller is partner ${known.id} ("${known.name}") already.`)
  }
  return insertPartner(scope, {
    name: wanted.name,
    reseller_account_id: account_id,
    reseller_organisation_id: organisation_id,
    share_percent: wanted.share_percent,
  })
}
