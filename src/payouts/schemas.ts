// What the partners' door shows.
import { z } from '@hono/zod-openapi'
import { compare, decimal, formatDecimal, parseDecimal } from '../core/decimal.ts'
import { currencyOf, formatMoney, moneyText } from '../core/money.ts'
import { moneySchema, positiveDecimalText } from '../door/index.ts'
import { DIGEST_OF, SHARE_ROUNDING } from './model.ts'
import type { Payable } from './payable.ts'
import type { Partner } from './store.ts'
import type { StatementHead, StatementRow } from './store-statements.ts'

const PERCENT_DIGITS = 8

export const percentText = positiveDecimalText
  .refine((text) => {
    const value = parseDecimal(text)
    return value !== undefined && value.scale <= PERCENT_DIGITS && compare(value, decimal(100)) <= 0
  }, `must be between 0 and 100 with at most ${PERCENT_DIGITS} decimals`)
  .openapi({ example: '12.5' })

export const partner = z
  .object({
    id: z.string(),
    name: z.string(),
    reseller_account_id: z.string().nullable(),
    reseller_organisation_id: z.string().nullable(),
    share_percent: z.string(),
    created_at: z.string(),
  })
  .openapi('Partner')

const owed = z.object({
  payable: moneySchema,
  stated: moneySchema,
  unstated: moneySchema,
  agrees: z.boolean(),
})

export const partnerWithPayable = partner
  .extend({ owed: z.array(owed).openapi({ description: 'By currency: the books beside the statements.' }) })
  .openapi('PartnerWithPayable')

const line = z.object({
  line_key: z.string(),
  agreement_id: z.string(),
  occurred_at: z.string(),
  month: z.string(),
  late: z.boolean(),
  basis: z.string(),
  share_percent: z.string(),
  unrounded: z.string(),
  rounding: z.literal(SHARE_ROUNDING),
  rounded: z.string(),
})

const content = z.object({
  organisation_id: z.string(),
  partner_id: z.string(),
  month: z.string(),
  currency: z.string(),
  lines: z.array(line),
  total: z.string(),
})

/** A statement in a list, which has no lines: one may have many. */
export const statementHead = z
  .object({
    id: z.string(),
    side: z.enum(['given', 'received']),
    total: moneySchema,
    lines: z.number().int(),
    late_lines: z.number().int(),
    digest: z.string(),
    content: content.omit({ lines: true }),
    created_at: z.string(),
  })
  .openapi('PartnerStatementHead')

export const statement = z
  .object({
    id: z.string(),
    side: z.enum(['given', 'received']),
    total: moneySchema,
    late_lines: z.number().int(),
    digest: z.string(),
    digest_of: z.string(),
    content,
    created_at: z.string(),
  })
  .openapi('PartnerStatement')

export function shownPartner(row: Partner): z.infer<typeof partner> {
  return {
    id: row.id,
    name: row.name,
    reseller_account_id: row.reseller_account_id,
    reseller_organisation_id: row.reseller_organisation_id,
    share_percent: formatDecimal(row.share_percent),
    created_at: row.created_at.toISOString(),
  }
}

export function shownWithPayable(row: Partner, owed: Payable[]): z.infer<typeof partnerWithPayable> {
  return { ...shownPartner(row), owed }
}

export function shownHead(row: StatementHead, organisation_id: string): z.infer<typeof statementHead> {
  const total = { asset: row.asset, amount: row.total }
  return {
    id: row.id,
    side: row.organisation_id === organisation_id ? 'given' : 'received',
    total: moneyText(total),
    lines: row.line_count,
    late_lines: row.late_count,
    digest: row.digest,
    content: {
      organisation_id: row.organisation_id,
      partner_id: row.partner_id,
      month: row.month,
      currency: currencyOf(row.asset),
      total: formatMoney(total),
    },
    created_at: row.created_at.toISOString(),
  }
}

/** A statement as the vendor or its reseller sees it: `content` is exactly what the digest is made of. */
export function shownStatement(row: StatementRow, organisation_id: string): z.infer<typeof statement> {
  const total = { asset: row.asset, amount: row.total }
  const lines = z.array(line).parse(row.lines)
  return {
    id: row.id,
    side: row.organisation_id === organisation_id ? 'given' : 'received',
    total: moneyText(total),
    late_lines: row.late_count,
    digest: row.digest,
    digest_of: DIGEST_OF,
    content: {
      organisation_id: row.organisation_id,
      partner_id: row.partner_id,
      month: row.month,
      currency: currencyOf(row.asset),
      lines,
      total: formatMoney(total),
    },
    created_at: row.created_at.toISOString(),
  }
}
