/**
 * What AWS would refuse of a draft although no single limit is broken. Source of each rule: the change types and error
 * tables of Offer@1.0 in the AWS Marketplace developer guide, read in 2026; what is a
 * reading of ours says so.
 */
import { compare, decimal } from '../../../src/core/decimal.ts'
import { isLocalDate, type LocalDate } from '../../../src/core/time.ts'
import type { ChangeProblem, DraftFinding, Examined, OfferDraft } from '../../connector.ts'
import {
  type OfferOptions,
  optionShapes,
  type ReadOptions,
  type RenewalOptions,
  readOptions,
} from './options.ts'

export const finding = (rule: string, field: string, reason: string, fix: string): DraftFinding => ({
  rule,
  field,
  reason,
  fix,
})

export function examineOffer(draft: OfferDraft, today: LocalDate): Examined {
  const read = readOptions(optionShapes.offer, draft.options)
  if (!read.ok) return { findings: [...unread(read), ...pricing(draft)] }
  const { options } = read
  return {
    findings: [
      ...pricing(draft),
      ...period(draft, options, today),
      ...renewal(draft, options),
      ...nothingToChoose(draft, options),
      ...publicOnly(draft, options),
      ...inSet(draft, options),
    ],
    ...(options.ends_on === undefined ? {} : { ends_on: options.ends_on }),
  }
}

export function unread(read: Extract<ReadOptions<unknown>, { ok: false }>): DraftFinding[] {
  return read.problems.map(({ field, message }) =>
    finding('option', field ?? 'options', message, 'Mend it, or leave it out'),
  )
}

/** Findings as problems, for a draft that comes without having been examined. */
export function asProblems(findings: readonly DraftFinding[]): ChangeProblem[] {
  return findings.map(({ rule, field, reason, fix }) => {
    const plain = `${field} ${reason}. ${fix}.`
    return { code: rule.replaceAll('-', '_').toUpperCase(), message: plain, field, plain }
  })
}

/** Prices that AWS has no terms for. */
export function pricing(
  draft: Pick<OfferDraft, 'grants' | 'instalments' | 'usage_prices' | 'rates' | 'trial_days'>,
): DraftFinding[] {
  if (draft.rates !== undefined || draft.trial_days !== undefined) return []
  const { grants, instalments, usage_prices } = draft
  if (instalments.length > 0 && grants.length === 0) {
    const reason = 'is empty: a payment schedule on AWS pays for quantities of dimensions'
    return [finding('missing-grants', 'grants', reason, 'Name at least one')]
  }
  if (instalments.length === 0 && grants.length > 0) {
    const reason = 'is empty: quantities on AWS are paid for by a schedule'
    return [finding('missing-instalments', 'instalments', reason, 'Give at least one instalment')]
  }
  if (instalments.length === 0 && Object.keys(usage_prices).length === 0) {
    const reason = 'is empty, and there is no instalment either'
    return [finding('missing-prices', 'usage_prices', reason, 'Give one of them')]
  }
  return []
}

export const NEEDS_END = finding(
  'replacement-end',
  'options.ends_on',
  'is missing: what takes the place of an agreement on AWS ends on a day of its own',
  'Give the last day of the new agreement',
)

function period(draft: OfferDraft, { starts_on, ends_on }: OfferOptions, today: LocalDate): DraftFinding[] {
  const found: DraftFinding[] = []
  if (draft.replaces_agreement_id !== undefined && ends_on === undefined) found.push(NEEDS_END)
  if (ends_on !== undefined && ends_on <= (starts_on ?? today)) {
    const reason = `${ends_on} does not come after ${starts_on ?? `today (${today})`}`
    found.push(finding('end-before-start', 'options.ends_on', reason, 'Choose a later day'))
  }
  if (starts_on === undefined) return found
  if (ends_on === undefined) {
    const reason = 'needs a last day: AWS takes no duration beside a first day'
    found.push(finding('start-without-end', 'options.starts_on', reason, 'Give options.ends_on too'))
  }
  if (draft.replaces_agreement_id !== undefined) {
    const reason = 'does not go with a replacement, which begins when it is accepted'
    found.push(finding('option-does-not-fit', 'options.starts_on', reason, 'Leave it out'))
  }
  if (isLocalDate(draft.expires_on) && starts_on <= draft.expires_on) {
    const reason = `${starts_on} does not come after the last day of acceptance (${draft.expires_on})`
    const fix = 'Let the agreement begin later, or the offer expire sooner'
    found.push(finding('start-before-expiry', 'options.starts_on', reason, fix))
  }
  return found
}

export function nothingToChoose(
  draft: Pick<OfferDraft, 'rates'>,
  options: { choice?: unknown },
): DraftFinding[] {
  if (draft.rates !== undefined || options.choice === undefined) return []
  const reason = 'is for prices that the buyer chooses among, and these are fixed'
  return [finding('choice-of-nothing', 'options.choice', reason, 'Leave it out')]
}

/** The length is the buyer's choice there, and a trial has its own: a reading of ours of the terms that AWS lists. */
function publicOnly(draft: OfferDraft, options: OfferOptions): DraftFinding[] {
  const found: DraftFinding[] = []
  const refuse = (name: 'starts_on' | 'ends_on' | 'net_payment_days' | 'renewal', reason: string) => {
    if (options[name] !== undefined)
      found.push(finding('option-does-not-fit', `options.${name}`, reason, 'Leave it out'))
  }
  if (draft.rates !== undefined) {
    for (const name of ['starts_on', 'ends_on'] as const) refuse(name, 'does not go with a length of choice')
    if (draft.replaces_agreement_id !== undefined) {
      const reason = 'cannot be configurable where an agreement is replaced'
      found.push(finding('replacement-kind', 'rates', reason, 'Use a contract with instalments'))
    }
  }
  if (draft.trial_days !== undefined) {
    for (const name of ['starts_on', 'ends_on', 'net_payment_days', 'renewal'] as const)
      refuse(name, 'does not go with a free trial')
  }
  return found
}

/** Only an offer that is made anew for named buyers can be made for a set. */
function inSet(draft: OfferDraft, options: OfferOptions): DraftFinding[] {
  if (draft.offer_set_id === undefined) return []
  const found: DraftFinding[] = []
  if (options.offer_set_id !== undefined) {
    const reason = 'names a set, and the offer is made for another one'
    found.push(finding('set-twice', 'options.offer_set_id', reason, 'Leave it out'))
  }
  if (draft.replaces_agreement_id !== undefined) {
    const reason = 'does not go with an offer set: AWS makes no replacement for one'
    found.push(finding('set-replacement', 'replaces_agreement_id', reason, 'Make this offer by itself'))
  }
  if (draft.trial_days !== undefined) {
    const reason = 'does not go with an offer set, which is for named buyers'
    found.push(finding('set-trial', 'trial_days', reason, 'Make the free trial by itself'))
  }
  return found
}

function renewal(draft: OfferDraft, { renewal: wanted }: OfferOptions): DraftFinding[] {
  if (wanted === undefined) return []
  const field = 'options.renewal'
  const found = increase(wanted)
  const byUsage =
    draft.instalments.length === 0 && draft.rates === undefined && draft.trial_days === undefined
  if (byUsage) {
    const reason = 'does not go with usage alone, which runs until it is ended'
    found.push(finding('renewal-of-usage', field, reason, 'Leave it out'))
  }
  const { adjustment_days: choose, lockout_days: locked } = wanted
  if (choose !== undefined && wanted.price_increase_percent !== undefined) {
    const reason = 'is for a range of increases, and there is one increase'
    found.push(finding('adjustment-of-nothing', `${field}.adjustment_days`, reason, 'Leave it out'))
  }
  if (choose !== undefined && locked !== undefined && choose <= locked) {
    const reason = `${choose} days before the end does not come before the lockout of ${locked} days`
    found.push(finding('adjustment-in-lockout', `${field}.adjustment_days`, reason, 'Choose it earlier'))
  }
  return found
}

function increase(wanted: RenewalOptions): DraftFinding[] {
  const field = 'options.renewal'
  const {
    price_increase_percent: one,
    lowest_percent: low,
    usual_percent: usual,
    highest_percent: high,
  } = wanted
  const range = [low, usual, high]
  if (one === undefined && range.every((part) => part === undefined)) {
    const reason = 'does not say by how much the price rises; a private offer must'
    return [finding('increase-missing', `${field}.price_increase_percent`, reason, 'Give it; 0 is allowed')]
  }
  if (one !== undefined && range.some((part) => part !== undefined)) {
    const reason = 'is given beside a range of increases'
    return [finding('increase-twice', `${field}.price_increase_percent`, reason, 'Give one of them')]
  }
  if (one !== undefined) return []
  if (low === undefined || usual === undefined || high === undefined) {
    const reason = 'is not whole: a range has a lowest, a usual and a highest increase'
    return [finding('increase-range', field, reason, 'Give all three')]
  }
  const found: DraftFinding[] = []
  if (compare(decimal(low), decimal(usual)) > 0 || compare(decimal(usual), decimal(high)) > 0) {
    const reason = `${low}, ${usual}, ${high} are not in their order`
    found.push(finding('increase-range', field, reason, 'Let the usual increase lie between the others'))
  }
  if (wanted.adjustment_days === undefined) {
    const reason = 'is missing: a range needs a day until which the increase is chosen'
    found.push(finding('adjustment-missing', `${field}.adjustment_days`, reason, 'Give it in days'))
  }
  return found
}
