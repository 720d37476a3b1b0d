/** Steps that Google has no interface for: what a person does in Google's own pages, and what to bring back. */
import { canonicalJson } from '../../../src/core/canonical.ts'
import { formatDecimal, sum } from '../../../src/core/decimal.ts'
import { moneyDecimal } from '../../../src/core/money.ts'
import type {
  AuthorizationDraft,
  Change,
  Evidence,
  HumanTask,
  ListingDraft,
  ResellerOfferDraft,
} from '../../connector.ts'

type Human = Extract<Change, { status: 'human' }>

function human(task: HumanTask, sent: unknown): Human {
  // Drafts hold exact numbers that JSON has no form for; evidence is kept as JSON.
  const evidence: Evidence = { sent: JSON.parse(canonicalJson(sent)) }
  return { status: 'human', task, evidence }
}

/** Google's Producer Portal is the only place where a product, its plans and its prices are written. */
export function listingTask(draft: ListingDraft, service: string | undefined): Human {
  const { currency, entitled, metered, term_months } = draft.prices
  const prices = [
    ...Object.keys(entitled).map((key) => `${key} for ${term_months} months`),
    ...Object.keys(metered).map((key) => `${key} per unit`),
  ].join(', ')
  const task: HumanTask = {
    title: `Publish "${draft.title}" in Google's Producer Portal`,
    steps: [
      'Open Producer Portal in the project that the connection names and choose "Add product", type SaaS; or open the product if it is there.',
      `Product details: copy title, short and long description, highlights, categories, support (${draft.support}) and refund policy from this listing.`,
      `Pricing: one plan with these prices in ${currency}: ${prices}. Name each usage metric exactly as its dimension: ${draft.dimensions.map((dimension) => dimension.key).join(', ')}.`,
      `Technical integration: set the sign-up URL to ${draft.fulfilment_url}, link the service account of this connection under "Billing integration", and note the service name${service === undefined ? '' : ` (expected: ${service})`}.`,
      'Submit details, pricing and integration for review; when Google approved them, press "Publish".',
    ],
    evidence:
      'The service name of the product ("….endpoints.….cloud.goog") as product_id, and the address of the public listing.',
  }
  return human(task, { draft })
}

function leftOf({ instalments, currency }: AuthorizationDraft): string {
  if (instalments.length === 0) return ''
  const total = sum(instalments.map(({ amount }) => moneyDecimal(amount)))
  return ` (${formatDecimal(total)} ${currency} in instalments)`
}

export function planTask(draft: AuthorizationDraft): Human {
  const task: HumanTask = {
    title: `Open "${draft.name}" to reseller ${draft.reseller_account_id}`,
    steps: [
      'Open Producer Portal, the product, "Private offers", and choose "Create private offer plan". Reselling must be on for the product.',
      draft.single_use
        ? `Choose a single-use plan and give the customer's billing subaccount: ${draft.buyer_account_ids.join(', ') || 'ask the reseller for it'}.`
        : `Choose a multi-use plan for the reseller's billing account ${draft.reseller_account_id}.`,
      `Title: ${draft.name}. Term: ${draft.duration_months} months in ${draft.currency}. The reseller's discount comes off the customer's price before Google's fee, and the amounts of this authorization are what is left then${leftOf(draft)}: choose price and "Reseller discount" so that they come to that.`,
      `Last day: ${draft.expires_on ?? 'none'} (Google counts days in Los Angeles). Write ${draft.marker} into the internal note.`,
      'Submit the plan. The reseller accepts it in Partner Sales Console.',
    ],
    evidence: 'The id of the private offer plan as authorization_id, and its status "Ready to use".',
  }
  return human(task, { draft })
}

export function withdrawTask(authorization_id: string): Human {
  const task: HumanTask = {
    title: `Cancel the private offer plan ${authorization_id}`,
    steps: [
      'Open Producer Portal, the product, "Private offers", and the list of plans.',
      `Open the plan ${authorization_id} and choose "Cancel". Offers that were made from it stay.`,
    ],
    evidence: 'The status "Canceled by build partner" of the plan.',
  }
  return human(task, { authorization_id })
}

export function resellerOfferTask(draft: ResellerOfferDraft): Human {
  const task: HumanTask = {
    title: `Make "${draft.name}" from the private offer plan ${draft.authorization_id}`,
    steps: [
      `Open Partner Sales Console as the reseller, "Private offer plans", the plan ${draft.authorization_id}, and accept it.`,
      `Choose "Create offer" for the customer's billing subaccount ${draft.buyer_account_ids.join(', ')}.`,
      `Title: ${draft.name}. Last day to accept: ${draft.expires_on}. Price: the plan's with your markup of ${formatDecimal(draft.markup_percent)} per cent.`,
      'Publish the offer and send its address to the customer.',
    ],
    evidence: 'The id of the private offer as offer_id, and its status "Published".',
  }
  return human(task, { draft })
}

/** A person finishes these tasks, so there is nothing that Google could be asked. */
export function stillHuman(reference: string): Human {
  const task: HumanTask = {
    title: `Finish ${reference} in Google's pages`,
    steps: ['Follow the steps of the task that was given with this operation.'],
    evidence: 'What the task asks for.',
  }
  return human(task, { reference })
}
