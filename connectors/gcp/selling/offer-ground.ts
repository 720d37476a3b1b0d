/** What must be known at Google before a private offer can be written: the plan, the discounts, what it amends. */
import type { ChangeProblem, Connection, OfferDraft } from '../../connector.ts'
import type { Gcp } from '../clients.ts'
import { billingAccount, type OfferGround } from '../map.ts'
import { lastOf, offerName, parentOf } from '../wire/names.ts'
import type { StandardOffer } from '../wire/producer-replies.ts'
import { readSkus, readStandardOffer, readStandardOffers } from './catalog.ts'
import type { OfferOptions } from './options.ts'
import { discountsFor } from './usage-discounts.ts'

export type Found = { ok: true; ground: OfferGround } | { ok: false; problems: ChangeProblem[] }

export async function findGround(
  gcp: Gcp,
  connection: Connection,
  draft: OfferDraft,
  options: OfferOptions,
  note: string,
): Promise<Found> {
  const plans = await readStandardOffers(gcp, connection, draft.product_id)
  const chosen = choosePlan(plans, draft.duration_months, options.plan)
  if ('problem' in chosen) return { ok: false, problems: [chosen.problem] }
  const { plan } = chosen
  const base = { ...plan, ...(await readStandardOffer(gcp, connection, plan.name ?? '')) }
  const priced = Object.keys(draft.usage_prices).length > 0
  const skus = priced ? await readSkus(gcp, connection, draft.product_id) : []
  const { discounts, problems } = discountsFor(draft.usage_prices, skus, gcp.parts.clocks.business.now())
  const unfit = [...problems, ...planProblems(base, draft, options)]
  if (unfit.length > 0) return { ok: false, problems: unfit }
  const amends = await findAmended(gcp, connection, draft, options, base)
  const { contact_name, contact_email } = connection.settings
  const partner_contact =
    contact_name || contact_email
      ? {
          ...(contact_name ? { contact: contact_name } : {}),
          ...(contact_email ? { email: contact_email } : {}),
        }
      : null
  return { ok: true, ground: { base, discounts, amends, partner_contact, note } }
}

/**
 * The standard offer that a private one is based on. Any duration of the plan will do, because the private term takes
 * its place; with several plans it must be said which.
 */
export function choosePlan(
  offers: readonly StandardOffer[],
  duration_months: number,
  plan: string | undefined,
): { plan: StandardOffer } | { problem: ChangeProblem } {
  const refuse = (code: string, plain: string) => ({
    problem: { code, message: plain, field: 'options.plan', plain },
  })
  const named = offers.find((offer) => plan !== undefined && lastOf(offer.name) === lastOf(plan))
  if (named !== undefined) return { plan: named }
  const levels = [...new Set(offers.map((offer) => offer.serviceLevel ?? ''))].sort()
  const level = plan === undefined && levels.length === 1 ? levels[0] : plan
  const fitting = offers.filter((offer) => (offer.serviceLevel ?? '') === level)
  if (offers.length === 0) {
    return refuse(
      'NO_STANDARD_OFFER',
      'The product has no standard offer on sale, and a private offer needs one.',
    )
  }
  const names = levels.map((item) => `"${item}"`).join(', ')
  if (level === undefined)
    return refuse('CHOOSE_PLAN', `The product has several plans: choose one of ${names}.`)
  const best = fitting.toSorted(
    (left, right) =>
      Number(right.termDurationMonths === duration_months) -
        Number(left.termDurationMonths === duration_months) ||
      ((left.name ?? '') < (right.name ?? '') ? -1 : 1),
  )[0]
  return best !== undefined
    ? { plan: best }
    : refuse('NO_SUCH_PLAN', `There is no plan "${level}" on sale: choose one of ${names}.`)
}

/** Payments need a plan with a flat fee; on a plan with usage only they can buy credit, if that is what is meant. */
function planProblems(base: StandardOffer, draft: OfferDraft, options: OfferOptions): ChangeProblem[] {
  const refuse = (code: string, field: string, plain: string) => [{ code, message: plain, field, plain }]
  // A plan that tells nothing of its prices is left to Google's own check.
  if (!base.priceModel || draft.instalments.length === 0) return []
  const flat = Boolean(base.priceModel.flatFee)
  if (!flat && options.prepaid !== true) {
    return refuse(
      'NO_FLAT_FEE',
      'instalments',
      'The plan has usage prices only. Choose a plan with a flat fee, or set options.prepaid: then the instalments buy credit for usage.',
    )
  }
  if (flat && options.prepaid === true) {
    return refuse(
      'NOT_PREPAID',
      'options.prepaid',
      'The plan has a flat fee, so instalments cannot buy credit.',
    )
  }
  return []
}

/** A buyer with a running order can only be offered an amendment of it. */
async function findAmended(
  gcp: Gcp,
  connection: Connection,
  draft: OfferDraft,
  options: OfferOptions,
  base: StandardOffer,
): Promise<OfferGround['amends']> {
  const answer = await gcp.producer(connection, 'ResolveAmendmentTarget', (client, call) =>
    client(
      'resolveAmendmentTarget',
      {
        parent: parentOf(connection),
        targetBillingAccount: billingAccount(draft.buyer_account_ids[0] ?? ''),
        baseStandardOffer: base.name ?? '',
      },
      call,
    ),
  )
  if (answer.requiredPrivateOffer) return { private_offer: answer.requiredPrivateOffer }
  if (answer.requiredStandardOffer) return { standard_offer: answer.requiredStandardOffer }
  if (options.amends_offer_id === undefined) return null
  return { private_offer: offerName(connection, lastOf(options.amends_offer_id)) }
}
