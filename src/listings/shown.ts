// A listing on the wire.
import { z } from '@hono/zod-openapi'
import { currency, positiveDecimalText } from '../door/index.ts'
import { canAdopt, isGone, listingStates, type StoredDraft, stopReasons } from './model.ts'
import type { Listing } from './store.ts'

export const pricesSchema = z.strictObject({
  currency,
  term_months: z.number().int().min(1).max(60),
  entitled: z.record(z.string(), positiveDecimalText).default({}),
  metered: z.record(z.string(), positiveDecimalText).default({}),
})

const value = z.union([z.string(), z.array(z.string())]).nullable()

const difference = z.object({
  field: z
    .string()
    .openapi({ description: 'Such as "title", "prices.metered.scans" or "dimensions.scans".' }),
  ours: value,
  theirs: value,
  stops: z
    .object({ dimension: z.string(), reason: z.enum(stopReasons) })
    .optional()
    .openapi({ description: 'Usage of this dimension is held back, because the cloud could not take it.' }),
})

export const listingSchema = z
  .object({
    id: z.string(),
    product_id: z.string(),
    connection_id: z.string(),
    state: z.enum(listingStates),
    cloud_product_id: z.string().nullable(),
    cloud_offer_id: z.string().nullable(),
    product_code: z.string().nullable(),
    prices: pricesSchema,
    problems: z.array(z.object({ code: z.string(), message: z.string(), plain: z.string().optional() })),
    visibility: z
      .enum(['draft', 'limited', 'public', 'restricted', 'unknown'])
      .nullable()
      .openapi({ description: 'Who may see it, as the cloud last said; null before that.' }),
    held: z.array(z.string()).openapi({ description: 'Dimensions whose usage is held back.' }),
    differs: z.boolean().openapi({ description: 'The cloud shows it in another way than it was published.' }),
    gone: z.boolean().openapi({ description: 'The cloud does not know it any more.' }),
    read_at: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .openapi('Listing')

const content = z
  .object({
    title: z.string(),
    short_description: z.string(),
    long_description: z.string(),
    highlights: z.array(z.string()),
    keywords: z.array(z.string()),
    categories: z.array(z.string()),
    logo_url: z.string(),
    support: z.string(),
    refund_policy: z.string(),
    fulfilment_url: z.string(),
    dimensions: z.array(
      z.object({
        key: z.string(),
        name: z.string(),
        description: z.string(),
        unit: z.string(),
        kind: z.enum(['entitled', 'metered']),
        restricted: z.boolean(),
      }),
    ),
    prices: pricesSchema,
    options: z.unknown().openapi({ description: 'What only this cloud knows, by name.' }),
  })
  .openapi('ListingContent')

/** A listing with what the last reading found. */
export const comparedSchema = listingSchema.extend({
  seen_by: z
    .array(z.string())
    .nullable()
    .openapi({ description: 'The accounts that see it while it is limited.' }),
  differences: z.array(difference),
  released: z
    .array(z.string())
    .openapi({ description: 'Dimensions that differ and whose usage is sent all the same.' }),
  can_adopt: z.boolean().openapi({ description: 'What the cloud shows can be taken over.' }),
  read_problem: z
    .string()
    .nullable()
    .openapi({ description: 'Why it could not be read back the last time.' }),
})

export const oneListingSchema = comparedSchema.extend({
  content: content.openapi({ description: 'As it was published, or changed since.' }),
  wanted: z
    .union([content, z.null()])
    .openapi({ description: 'What was asked for and is not in place: under way, or refused.' }),
})

export function toShown(found: Listing): z.infer<typeof listingSchema> {
  const { id, product_id, connection_id, state, cloud_product_id, cloud_offer_id, product_code } = found
  const { prices, problems, visibility, held, differences, read_at, created_at, updated_at } = found
  return {
    ...{ id, product_id, connection_id, state, cloud_product_id, cloud_offer_id, product_code },
    // Stored prices were checked when they came in.
    prices: prices as z.infer<typeof pricesSchema>,
    ...{ problems, visibility, held },
    differs: differences.length > 0,
    gone: isGone(found),
    read_at: read_at?.toISOString() ?? null,
    created_at: created_at.toISOString(),
    updated_at: updated_at.toISOString(),
  }
}

export function toCompared(found: Listing): z.infer<typeof comparedSchema> {
  const { seen_by, differences, released, read_problem } = found
  return { ...toShown(found), seen_by, differences, released, can_adopt: canAdopt(found), read_problem }
}

export function toShownOne(found: Listing): z.infer<typeof oneListingSchema> {
  const { draft, wanted } = found
  return {
    ...toCompared(found),
    content: contentOf(draft),
    wanted: wanted === null ? null : contentOf(wanted),
  }
}

function contentOf({
  options,
  restricted = [],
  webhook_url: _,
  ...draft
}: StoredDraft): z.infer<typeof content> {
  return {
    ...draft,
    dimensions: draft.dimensions.map((one) => ({ ...one, restricted: restricted.includes(one.key) })),
    prices: draft.prices as z.infer<typeof pricesSchema>,
    options: { ...options },
  }
}
