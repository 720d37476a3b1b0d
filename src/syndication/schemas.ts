// How resale authorizations look on the wire.
import { z } from '@hono/zod-openapi'
import { compare, decimal, formatDecimal, parseDecimal } from '../core/decimal.ts'
import { moneySchema, orNull, positiveDecimalText } from '../door/index.ts'
import { termsSchema } from '../offers/model.ts'
import { authorizationStates, standings } from './model.ts'

/** The most of a percentage: a thousand per cent, and as many decimals as are kept. */
const PERCENT_MAX = decimal('1000')
const PERCENT_DECIMALS_MAX = 8

export const percentText = positiveDecimalText.refine(
  (text) => {
    const value = parseDecimal(text)
    return value === undefined || (value.scale <= PERCENT_DECIMALS_MAX && compare(value, PERCENT_MAX) <= 0)
  },
  `must be at most ${formatDecimal(PERCENT_MAX)} with at most ${PERCENT_DECIMALS_MAX} decimals`,
)

export const authorization = z
  .object({
    id: z.string(),
    vendor_organisation_id: z.string(),
    deal_id: z.string(),
    connection_id: z.string(),
    cloud: z.string(),
    reseller_organisation_id: z.string().nullable(),
    reseller_account_id: z.string(),
    name: z.string(),
    state: z.enum(authorizationStates),
    terms: termsSchema.openapi('WholesaleTerms'),
    markup_min_percent: z.string(),
    markup_max_percent: z.string(),
    expires_on: z.string().nullable().openapi({ description: 'null: without end.' }),
    options: z.unknown().openapi({ description: 'What only its cloud knows of it, as it was asked for.' }),
    single_use: z.boolean(),
    buyer_account_ids: z.array(z.string()),
    cloud_product_id: z.string(),
    cloud_authorization_id: z.string().nullable(),
    problems: z.array(z.object({ code: z.string(), message: z.string(), plain: z.string().optional() })),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .openapi('ResaleAuthorization')

/** An authorization as the reseller sees it. */
export const opened = authorization
  .extend({
    standing: z.enum(standings).openapi({ description: 'Only what is open can be accepted or declined.' }),
    offer_id: z.string().nullable().openapi({ description: 'The offer that was made from it.' }),
    vendor_name: z.string(),
  })
  .openapi('OpenedAuthorization')

const amount = z.string()
const part = {
  buyer_pays: amount,
  owed_to_vendor: amount,
  margin: amount,
  fee: amount.nullable(),
  left: amount.nullable(),
  arithmetic: z.array(z.string()),
}

export const economics = z
  .object({
    authorization_id: z.string(),
    cloud: z.string(),
    currency: z.string(),
    on: z.string().openapi({ description: 'The day whose fee table is used: today.' }),
    items: z.array(
      z.object({
        markup_percent: z.string(),
        in_band: z.boolean(),
        buyer_pays: moneySchema,
        owed_to_vendor: moneySchema,
        margin: moneySchema,
        fee: orNull(moneySchema),
        left: orNull(moneySchema),
        fee_rate: amount.nullable(),
        instalments: z.array(z.object({ due_on: z.string(), ...part })),
        usage: z.array(z.object({ dimension: z.string(), ...part })),
        rates: z
          .array(z.object({ duration_months: z.number().int(), dimension: z.string(), ...part }))
          .openapi({ description: 'Of prices to choose from: one unit for one length of the agreement.' }),
        sources: z.array(z.string()),
      }),
    ),
  })
  .openapi('ResaleEconomics')
