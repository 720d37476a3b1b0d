// What an explained invoice line means in the books.
import type { Agreement } from '../agreements/model.ts'
import { type EntryDraft, recipes } from '../ledger/index.ts'
import type { Explanation } from './case.ts'
import { bookingKey, type MatchDraft } from './matches.ts'
import type { Line } from './model.ts'

/** The match of an explanation, with its entries: the line itself and one entry for each named difference. */
export function matchOf(agreement: Agreement, item: Explanation): MatchDraft {
  const { line, expectation, stage, causes } = item
  return {
    line_id: line.id,
    expectation_id: expectation?.id ?? null,
    agreement_id: agreement.id,
    stage,
    expected: expectation?.amount ?? 0n,
    received: line.minor,
    asset: line.asset,
    causes,
    entries: (suffix) => entriesOf(agreement, item, suffix),
  }
}

function entriesOf(agreement: Agreement, item: Explanation, suffix: string): (EntryDraft | null)[] {
  const { line, causes } = item
  const event = {
    key: `${bookingKey(line)}${suffix}`,
    agreement_id: agreement.id,
    occurred_at: line.occurred_at,
    evidence: {
      line_id: line.id,
      statement_id: line.statement_id,
      expectation_id: item.expectation?.id ?? null,
    },
  }
  const amount = { asset: line.asset, amount: line.minor }
  // Tax that was forgiven is owed to nobody any more: it is taken back the way it came.
  if (line.kind === 'tax') return [recipes.taxInvoiced({ ...event, amount })]
  if (line.stage === 'forgiven') {
    return [recipes.forgiven({ ...event, amount: { ...amount, amount: -line.minor }, cause: 'withheld' })]
  }
  const differences = causes.map((cause, index) =>
    recipes.difference({
      ...event,
      key: `${event.key}/${cause.cause}${index === 0 ? '' : `/${index + 1}`}`,
      cause: cause.cause,
      amount: { asset: line.asset, amount: -cause.amount },
      evidence: { ...event.evidence, sentence: cause.sentence, arithmetic: cause.arithmetic },
    }),
  )
  return [invoicedEntry(line, { ...event, amount }), ...differences]
}

function invoicedEntry(line: Line, event: Parameters<typeof recipes.saleInvoiced>[0]): EntryDraft | null {
  switch (line.kind) {
    case 'listing_fee':
      return recipes.feeInvoiced(event)
    case 'wholesale_cost':
      return recipes.wholesaleInvoiced(event)
    case 'refund':
      return recipes.refundInvoiced(event)
    default:
      return recipes.saleInvoiced({ ...event, ...described(line.kind) })
  }
}

const descriptions: Partial<Record<Line['kind'], string>> = {
  balance_adjustment: 'Balance adjusted by the cloud',
  withheld: 'Kept back by the cloud, or released',
  reseller_discount: 'What the reseller keeps of its sale',
  credit_used: 'Usage drawn from a credit',
  tax_withheld: 'Tax taken of our own money',
}

function described(kind: Line['kind']): { description?: string } {
  const description = descriptions[kind]
  return description === undefined ? {} : { description }
}
