/** Writing a private offer: looked for by its marker first, then drafted, then made live. */
import type { Change, ChangeProblem, Connection, Evidence, OfferDraft } from '../../connector.ts'
import type { Azure } from '../clients.ts'
import { contactsOf, toAzureOffer } from '../map.ts'
import { type Resource, startJob } from '../wire/jobs.ts'
import { type StageOf, writeStage } from '../wire/stages.ts'
import { BASE_PLAN } from './map-listings.ts'
import type { OfferOptions } from './options.ts'
import { pricingProblems, problem } from './prices.ts'
import { findByMarker, makeLive, nameProblems, type PrivateOffer } from './private-offers.ts'
import { findProduct, listPlans } from './products.ts'

/** A billing account of Microsoft's customer agreement: two ids and the day of the agreement's version. */
export const BILLING_ACCOUNT =
  '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}:[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}_\\d{4}-\\d{2}-\\d{2}$'

export function failed(problems: ChangeProblem[], evidence: Evidence = {}): Change {
  return { status: 'failed', problems, evidence }
}

/** Writes the draft of an offer, unless one with its marker is there already. */
export async function draftOffer(
  azure: Azure,
  connection: Connection,
  draft: OfferDraft,
  options: OfferOptions,
  kind: 'customerPromotion' | 'multipartyPromotionOriginator',
  parts: Resource,
): Promise<Change> {
  const problems = [
    ...pricingProblems(draft),
    ...nameProblems(draft.name, draft.marker),
    ...buyerProblems(draft),
  ]
  const contacts = contactsOf(connection, options)
  if (contacts === undefined)
    problems.push(
      problem(
        'MISSING_CONTACT',
        'settings.contact_email',
        'Azure wants to know whom to write to. Give the connection a contact_email.',
      ),
    )
  if (contacts === undefined || problems.length > 0) return failed(problems)
  const as = kind === 'customerPromotion' ? 'offer_id' : 'authorization_id'
  const known = await findByMarker(azure, connection, draft.marker)
  if (known.length > 0) return continueFrom(azure, connection, known, { marker: draft.marker, as })
  const base = await basePlan(azure, connection, draft.product_id, options.base_plan)
  if (!base.ok) return failed(base.problems)
  const resources = toAzureOffer(draft, { ...base, ...contacts }, kind, parts)
  const started = await startJob(azure, connection, resources)
  if (!started.ok) return failed(started.problems, started.evidence)
  const reference = writeStage({ stage: 'offer_draft', job: started.job, marker: draft.marker, as })
  return { status: 'accepted', reference, evidence: started.evidence }
}

function buyerProblems({ buyer_account_ids }: OfferDraft): ChangeProblem[] {
  const [id] = buyer_account_ids
  if (buyer_account_ids.length !== 1 || id === undefined)
    return [
      problem(
        'ONE_BUYER',
        'buyer_account_ids',
        'A private offer on Azure names exactly one billing account.',
      ),
    ]
  return new RegExp(BILLING_ACCOUNT).test(id)
    ? []
    : [
        problem(
          'BUYER_FORM',
          'buyer_account_ids',
          `"${id}" is no billing account id. The customer finds it under Cost Management in the Azure portal.`,
        ),
      ]
}

/** Goes on with offers that carry the marker: the first one is it, and other drafts of it are deleted. */
export async function continueFrom(
  azure: Azure,
  connection: Connection,
  known: readonly PrivateOffer[],
  { marker, as }: Pick<StageOf<'offer_draft'>, 'marker' | 'as'>,
): Promise<Change> {
  const live = known.find(({ state }) => state === 'live')
  if (live !== undefined) {
    return { status: 'succeeded', target: { [as]: live.id }, evidence: azure.evidence({ marker }, live) }
  }
  const [chosen, ...surplus] = known
  if (chosen === undefined) throw new Error('Nothing to go on with')
  const started = await makeLive(azure, connection, chosen, {}, surplus)
  if (!started.ok) return failed(started.problems, started.evidence)
  const reference = writeStage({ stage: 'offer_live', job: started.job, id: chosen.id, as })
  return { status: 'accepted', reference, evidence: started.evidence }
}

type Base = { ok: true; product: string; plan: string } | { ok: false; problems: ChangeProblem[] }

/** The plan a private one is made from: the one that is named, ours, or the only one. */
async function basePlan(
  azure: Azure,
  connection: Connection,
  product_id: string,
  wanted: string | undefined,
): Promise<Base> {
  const refuse = (code: string, field: string, plain: string): Base => ({
    ok: false,
    problems: [problem(code, field, plain)],
  })
  const product = await findProduct(azure, connection, product_id)
  if (product === undefined)
    return refuse(
      'NO_PRODUCT',
      'product_id',
      `This account has no offer "${product_id}". Publish the listing first.`,
    )
  const plans = await listPlans(azure, connection, product.id)
  const named = plans.find(({ identity }) => identity.externalId === (wanted ?? BASE_PLAN))
  const plan = named ?? (wanted === undefined && plans.length === 1 ? plans[0] : undefined)
  if (plan !== undefined) return { ok: true, product: product.id, plan: plan.id }
  const known = plans.map(({ identity }) => identity.externalId).join(', ') || 'none'
  return refuse(
    'NO_PLAN',
    'options.base_plan',
    `Say from which plan the private one is made. There are: ${known}.`,
  )
}
