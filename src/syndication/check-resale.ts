// Whom a reseller's offer is for, and what it takes the place of.
import type { OfferRules } from '../../connectors/connector.ts'
import { checkReplaced, findReplaced } from '../offers/index.ts'
import type { Finding } from '../offers/model.ts'
import type { Scope } from '../store/index.ts'
import type { Authorization } from './model.ts'

type Wanted = {
  buyer_account_ids?: string[] | undefined
  replaces_agreement_id?: string | undefined
}
type Opened = Pick<Authorization, 'buyer_account_ids' | 'cloud'>

const finding = (rule: string, field: string, reason: string, fix: string): Finding => ({
  rule,
  field,
  reason,
  fix,
})

/** Whom a resale is for; what is wrong with that is added to the findings. */
export function buyersOf(
  { buyer_account_ids: opened, cloud }: Opened,
  { buyer_account_ids: wanted }: Wanted,
  rules: Pick<OfferRules, 'buyer_account_pattern' | 'buyer_account_form' | 'buyers_max'>,
  findings: Finding[],
): string[] {
  const field = 'buyer_account_ids'
  const buyers = wanted ?? opened
  if (buyers.length === 0)
    findings.push(
      finding('buyer-missing', field, `names nobody on ${cloud}`, 'Name the accounts that may accept it'),
    )
  if (buyers.length > rules.buyers_max) {
    const reason = `names ${buyers.length} accounts; the cloud takes ${rules.buyers_max}`
    findings.push(finding('too-many-buyers', field, reason, 'Make a second offer'))
  }
  const pattern = new RegExp(rules.buyer_account_pattern)
  for (const buyer of buyers) {
    if (!pattern.test(buyer)) {
      const reason = `"${buyer}" is not an account id of this cloud`
      findings.push(finding('buyer-account-form', field, reason, `Write it as ${rules.buyer_account_form}`))
    } else if (opened.length > 0 && !opened.includes(buyer)) {
      const fix = `Choose among ${opened.join(', ')}`
      findings.push(finding('buyer-not-opened', field, `"${buyer}" is none of those the vendor named`, fix))
    }
  }
  return buyers
}

type Replaced = {
  findings: Finding[]
  agreement_id?: string
  buyer_account_ids?: string[]
}

/** The reseller's own agreement whose place the offer takes; it is for that agreement's buyer. */
export async function replacedBy(scope: Scope, wanted: Wanted, connection_id: string): Promise<Replaced> {
  if (wanted.replaces_agreement_id === undefined) return { findings: [] }
  const found = await findReplaced(scope, wanted.replaces_agreement_id)
  return {
    findings: checkReplaced(found, { connection_id, replaces: true, cloud: 'this cloud' }),
    agreement_id: found.cloud_agreement_id,
    buyer_account_ids: [found.buyer_account_id],
  }
}
