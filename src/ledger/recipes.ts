// What each event means in the books: pure functions from what happened to the entry that says so. Amounts are signed
// from this organisation's side; a negative amount books the same way round backwards. null: nothing to book.
import type { Cloud } from '../../connectors/connector.ts'
import type { Money } from '../core/money.ts'
import { accounts } from './accounts.ts'
import { type Basis, type EntryDraft, type EntryKind, type Posting, transfer } from './model.ts'

/** What every recipe is told. `key` is unique per kind of entry: a line's key and version, an expectation's key. */
type Event = { key: string; occurred_at: Date; evidence: unknown; description?: string }
type OfAgreement = Event & { agreement_id: string; amount: Money }

function entry(
  kind: EntryKind,
  basis: Basis,
  event: Event,
  sentence: string,
  postings: Posting[],
): EntryDraft | null {
  const kept = postings.filter((posting) => posting.money.amount !== 0n)
  if (kept.length === 0) return null
  return {
    reference: `${kind}:${event.key}`,
    kind,
    description: event.description ?? sentence,
    occurred_at: event.occurred_at,
    postings: kept,
    basis,
    evidence: event.evidence,
  }
}

/** A buyer accepted: the fixed total of the deal is booked and open. Nothing is owed yet. */
export function offerAccepted(event: OfAgreement): EntryDraft | null {
  const { agreement_id, amount } = event
  return entry('offer_accepted', 'evidence', event, 'Offer accepted', [
    transfer(accounts.bookings, accounts.open(agreement_id), amount),
  ])
}

/** An agreement is over before all of it fell due: what never will is open no more. */
export function agreementEnded(event: OfAgreement): EntryDraft | null {
  const { agreement_id, amount } = event
  return entry('agreement_ended', 'evidence', event, 'Agreement over', [
    transfer(accounts.open(agreement_id), accounts.bookings, amount),
  ])
}

/**
 * We expect the cloud to invoice this: an instalment that fell due, a month's usage, or for a manufacturer what the
 * reseller owes. An instalment also releases what was open (`releases`: what the buyer pays, also where less of it is
 * ours); usage was never open.
 */
export function saleExpected(
  event: OfAgreement & { income: 'contract' | 'usage' | 'resale'; releases?: Money },
): EntryDraft | null {
  const { agreement_id, amount, income, releases } = event
  return entry('sale_expected', 'expectation', event, 'Sale expected', [
    transfer(accounts.income(income), accounts.clearing(agreement_id), amount),
    ...(releases === undefined ? [] : [transfer(accounts.open(agreement_id), accounts.bookings, releases)]),
  ])
}

/** We expect the cloud to keep this of a sale. The amount is the fee, positive. */
export function feeExpected(event: OfAgreement & { cloud: Cloud }): EntryDraft | null {
  return entry('fee_expected', 'expectation', event, 'Listing fee expected', [
    transfer(accounts.clearing(event.agreement_id), accounts.listingFee(event.cloud), event.amount),
  ])
}

/** A reseller's cost: what we expect the cloud to pass on to the vendor. The amount is the cost, positive. */
export function wholesaleExpected(event: OfAgreement): EntryDraft | null {
  return entry('wholesale_expected', 'expectation', event, 'Wholesale cost expected', [
    transfer(accounts.clearing(event.agreement_id), accounts.wholesale, event.amount),
  ])
}

/** A line says a sale was invoiced. The amount is the line's: positive is owed to us. */
export function saleInvoiced(event: OfAgreement): EntryDraft | null {
  return invoiced('sale_invoiced', event, 'Sale invoiced')
}

/** A line says a listing fee was charged. The amount is the line's: a charge is negative. */
export function feeInvoiced(event: OfAgreement): EntryDraft | null {
  return invoiced('fee_invoiced', event, 'Listing fee charged')
}

/** A line says the reseller was charged the wholesale price. The amount is the line's: a cost is negative. */
export function wholesaleInvoiced(event: OfAgreement): EntryDraft | null {
  return invoiced('wholesale_invoiced', event, 'Wholesale cost charged')
}

/** A line takes a sale back, or gives a fee back. The amount is the line's. Name its cause with `difference`. */
export function refundInvoiced(event: OfAgreement): EntryDraft | null {
  return invoiced('refund_invoiced', event, 'Refund')
}

function invoiced(kind: EntryKind, event: OfAgreement, sentence: string): EntryDraft | null {
  const { agreement_id, amount } = event
  return entry(kind, 'evidence', event, sentence, [
    transfer(accounts.clearing(agreement_id), accounts.invoiced(agreement_id), amount),
  ])
}

/**
 * Expected and invoiced differ, and the cause has a name. `amount` is received - expected, both signed from our side
 * (a fee of 30 is -30): booking it brings the agreement's clearing account to zero.
 */
export function difference(event: OfAgreement & { cause: string }): EntryDraft | null {
  const { agreement_id, amount, cause } = event
  return entry('difference', 'evidence', event, `Difference: ${cause}`, [
    transfer(accounts.adjustment(cause), accounts.clearing(agreement_id), amount),
  ])
}

/** Tax that the seller must pass on: it is owed to us by the buyer and by us to the authority. */
export function taxInvoiced(event: OfAgreement): EntryDraft | null {
  const { agreement_id, amount } = event
  return entry('tax_invoiced', 'evidence', event, 'Tax invoiced', [
    transfer(accounts.tax, accounts.clearing(agreement_id), amount),
    transfer(accounts.clearing(agreement_id), accounts.invoiced(agreement_id), amount),
  ])
}

/** An invoiced amount will not be paid: it leaves the receivables under a named cause. */
export function forgiven(event: OfAgreement & { cause?: string }): EntryDraft | null {
  return entry('forgiven', 'evidence', event, 'Forgiven', [
    transfer(
      accounts.invoiced(event.agreement_id),
      accounts.adjustment(event.cause ?? 'forgiven'),
      event.amount,
    ),
  ])
}

/** The buyer paid the cloud; for a negative line (a fee), the cloud netted it. */
export function collected(event: OfAgreement): EntryDraft | null {
  const { agreement_id, amount } = event
  return entry('collected', 'evidence', event, 'Collected by the cloud', [
    transfer(accounts.invoiced(agreement_id), accounts.collected(agreement_id), amount),
  ])
}

/** The line went into a disbursement. A failed or clawed-back one has the opposite sign. */
export function disbursed(event: OfAgreement & { disbursement_key: string }): EntryDraft | null {
  const { agreement_id, amount, disbursement_key } = event
  return entry('disbursed', 'evidence', event, 'Disbursed', [
    transfer(accounts.collected(agreement_id), accounts.transit(disbursement_key), amount),
  ])
}

/**
 * The cloud took something off a pay-out, or added to it, that belongs to no sale: it has a named cause. The amount is
 * what it does to the pay-out.
 */
export function payoutAdjusted(
  event: Event & { disbursement_key: string; cause: string; amount: Money },
): EntryDraft | null {
  const { disbursement_key, cause, amount } = event
  return entry('payout_adjusted', 'evidence', event, `Pay-out adjusted: ${cause}`, [
    transfer(accounts.adjustment(cause), accounts.transit(disbursement_key), amount),
  ])
}

/**
 * A pay-out did not arrive: what was taken back of its lines closes what was on its way with it. The amount is what came
 * back.
 */
export function payoutReturned(
  event: Event & { disbursement_key: string; returned_key: string; amount: Money },
): EntryDraft | null {
  const { disbursement_key, returned_key, amount } = event
  return entry('payout_returned', 'evidence', event, 'Pay-out came back', [
    transfer(accounts.transit(disbursement_key), accounts.transit(returned_key), amount),
  ])
}

/** The cloud paid out tax that it collected for us to pass on to the authority. */
export function payoutTaxed(event: Event & { disbursement_key: string; amount: Money }): EntryDraft | null {
  const { disbursement_key, amount } = event
  return entry('payout_taxed', 'evidence', event, 'Tax paid out to be passed on', [
    transfer(accounts.tax, accounts.transit(disbursement_key), amount),
  ])
}

/** A bank line shows the disbursement on the account. */
export function banked(
  event: Event & { bank: string; disbursement_key: string; amount: Money },
): EntryDraft | null {
  return entry('banked', 'evidence', event, 'Received at the bank', [
    transfer(accounts.transit(event.disbursement_key), accounts.bank(event.bank), event.amount),
  ])
}

/** One currency became another: each side goes through the pair's exchange account, and the rate is the evidence. */
export function exchanged(
  event: Event & { from: string; to: string; sold: Money; bought: Money },
): EntryDraft | null {
  const pair = accounts.exchange(`${event.sold.asset.slice(0, 3)}-${event.bought.asset.slice(0, 3)}`)
  return entry('exchanged', 'evidence', event, 'Exchanged', [
    transfer(event.from, pair, event.sold),
    transfer(pair, event.to, event.bought),
  ])
}

/** A partner is due its share of a disbursed sale: an expense of ours, owed to the partner. */
export function partnerShare(event: Event & { partner_id: string; amount: Money }): EntryDraft | null {
  return entry('partner_share', 'evidence', event, 'Partner share', [
    transfer(accounts.partner(event.partner_id), accounts.partnerShare, event.amount),
  ])
}

/** A promise to spend: all of it remains. The amount is what we were told. */
export function commitmentPromised(
  event: Omit<Event, 'key'> & { commitment_id: string; amount: Money },
): EntryDraft | null {
  const { commitment_id, amount } = event
  return entry('commitment_promised', 'evidence', { ...event, key: commitment_id }, 'Commitment promised', [
    transfer(accounts.promised(commitment_id), accounts.remaining(commitment_id), amount),
  ])
}

/** A sale drew on a promise, or a refund gave some back. No cloud confirms this: it is an estimate. */
export function commitmentDrawn(event: Event & { commitment_id: string; amount: Money }): EntryDraft | null {
  const { commitment_id, amount } = event
  return entry('commitment_drawn', 'estimate', event, 'Commitment drawn down', [
    transfer(accounts.remaining(commitment_id), accounts.drawn(commitment_id), amount),
  ])
}

/** Undoes an entry in full: the same postings backwards, dated when the mistake was seen. */
export function correction(
  wrong: Pick<EntryDraft, 'reference' | 'postings' | 'basis'>,
  event: Omit<Event, 'key'>,
): EntryDraft {
  return {
    reference: `correction:${wrong.reference}`,
    kind: 'correction',
    description: event.description ?? `Correction of ${wrong.reference}`,
    occurred_at: event.occurred_at,
    postings: wrong.postings.map(({ from, to, money }) => ({ from: to, to: from, money })),
    basis: wrong.basis,
    evidence: event.evidence,
    reverses: wrong.reference,
  }
}
