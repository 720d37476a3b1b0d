import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import {
  body,
  deed,
  idempotencyHeader,
  json,
  makeRouter,
  refusals,
  requiredIdempotencyHeader,
  write,
} from '../door/index.ts'
import { cloudOptionsSchema } from '../offers/model.ts'
import { detailsSchema } from '../products/index.ts'
import { adoptListing, changeListing, changeVisibility } from './change-listing.ts'
import { releaseUsage } from './held.ts'
import { linkListing, readToLink } from './link-listing.ts'
import { assertReadable, keep, readBack } from './reading.ts'
import { comparedSchema, listingSchema, pricesSchema, toCompared, toShown, toShownOne } from './shown.ts'
import { find } from './store.ts'

const tags = ['Listings']
const params = z.object({ id: z.string() })

const dimensionChange = z.strictObject({
  key: z.string().max(100),
  name: z.string().trim().min(1).max(100).optional(),
  description: z.string().trim().min(1).max(1000).optional(),
  restricted: z
    .boolean()
    .optional()
    .openapi({ description: 'It is not sold any more; who has it keeps it. No price belongs to it.' }),
})

const update = createRoute({
  method: 'post',
  path: '/v1/listings/{id}/update',
  tags,
  summary: 'Change a live listing',
  description:
    'What is left out stays. Only what the cloud shows in another way is sent to it, so an empty body sends what was published where the cloud differs. A dimension that the product gained is listed when it is given a price.',
  request: {
    params,
    headers: requiredIdempotencyHeader,
    body: body(
      z.strictObject({
        title: z.string().trim().min(1).max(200).optional(),
        short_description: z.string().trim().min(1).max(1000).optional(),
        long_description: z.string().trim().min(1).max(20_000).optional(),
        ...detailsSchema.partial().shape,
        keywords: z.array(z.string().min(1).max(50)).max(15).optional(),
        prices: pricesSchema.optional(),
        dimensions: z.array(dimensionChange).max(200).optional(),
        options: cloudOptionsSchema.optional().openapi({
          description: "What only this connection's cloud knows about a listing; replaced as a whole.",
        }),
      }),
    ),
  },
  responses: { 202: json(listingSchema, 'The listing being changed'), ...refusals },
})

const visibility = createRoute({
  method: 'post',
  path: '/v1/listings/{id}/visibility',
  tags,
  summary: 'Say who may see and buy a listing',
  description:
    'Going public may wait days for a person at the cloud. A restricted listing takes no new buyers; another listing of the same connection may be named in its place.',
  request: {
    params,
    headers: requiredIdempotencyHeader,
    body: body(
      z.strictObject({
        to: z.enum(['limited', 'public', 'restricted']),
        replacement_listing_id: z.string().max(60).optional(),
      }),
    ),
  },
  responses: { 202: json(listingSchema, 'The listing being changed'), ...refusals },
})

const readAgain = createRoute({
  method: 'post',
  path: '/v1/listings/{id}/read',
  tags,
  summary: 'Read a live listing back from its cloud and compare it',
  description: 'It happens by itself once a day and after every change.',
  request: { params, headers: idempotencyHeader },
  responses: { 200: json(comparedSchema, 'The listing with what differs'), ...refusals },
})

const adopt = createRoute({
  method: 'post',
  path: '/v1/listings/{id}/adopt',
  tags,
  summary: 'Take over what the cloud shows of a listing',
  description: 'Usage that was held back for it is sent again.',
  request: { params, headers: idempotencyHeader },
  responses: { 200: json(comparedSchema, 'The listing'), ...refusals },
})

const link = createRoute({
  method: 'post',
  path: '/v1/listings/{id}/link',
  tags,
  summary: 'Link a listing that its cloud knows no more to another product there',
  description:
    'It is read there first. Usage that waits goes on where the cloud takes its dimension; what differs is shown.',
  request: {
    params,
    headers: requiredIdempotencyHeader,
    body: body(
      z.strictObject({
        cloud_product_id: z.string().trim().min(1).max(200),
        cloud_offer_id: z.string().trim().min(1).max(200).optional().openapi({
          description: 'Its public offer, with whose prices it is compared.',
        }),
      }),
    ),
  },
  responses: { 200: json(comparedSchema, 'The listing with what differs'), ...refusals },
})

const release = createRoute({
  method: 'post',
  path: '/v1/listings/{id}/release',
  tags,
  summary: 'Send the usage that is held back for a listing as it is',
  description:
    'Also what is used later goes out. What the cloud refuses because of its dimension it has not taken: it waits again.',
  request: { params, headers: requiredIdempotencyHeader },
  responses: { 200: json(comparedSchema, 'The listing'), ...refusals },
})

export function listingChangeRoutes(context: Context) {
  return makeRouter()
    .openapi(update, (door) =>
      write(context, door, async (scope) => {
        const { id } = door.req.valid('param')
        const before = toShownOne(await find(scope, id))
        const changed = await changeListing(context, scope, id, door.req.valid('json'))
        return { status: 202 as const, body: toShown(changed), audit: { before } }
      }),
    )
    .openapi(visibility, (door) =>
      write(context, door, async (scope) => {
        const { id } = door.req.valid('param')
        const { to, replacement_listing_id } = door.req.valid('json')
        const before = toShown(await find(scope, id))
        const changed = await changeVisibility(context, scope, id, to, replacement_listing_id)
        return { status: 202 as const, body: toShown(changed), audit: { before } }
      }),
    )
    .openapi(readAgain, async (door) => {
      const { id } = door.req.valid('param')
      const { organisation_id } = door.get('caller')
      await context.store.inTenant(organisation_id, (scope) => assertReadable(context, scope, id))
      const read = await readBack(context, organisation_id, id)
      return write(context, door, async (scope) => {
        if (read !== undefined) await keep(scope, read)
        return { status: 200 as const, body: toCompared(await find(scope, id)) }
      })
    })
    .openapi(adopt, (door) =>
      write(context, door, async (scope) => {
        const { id } = door.req.valid('param')
        const before = toShownOne(await find(scope, id))
        return { status: 200 as const, body: toCompared(await adoptListing(scope, id)), audit: { before } }
      }),
    )
    .openapi(link, (door) => {
      const { id } = door.req.valid('param')
      const request = door.req.valid('json')
      return deed(
        context,
        door,
        () => readToLink(context, door.get('caller').organisation_id, id, request),
        async (scope, read) => {
          const before = toCompared(await find(scope, id))
          const linked = await linkListing(scope, id, request, read)
          return { status: 200 as const, body: toCompared(linked), audit: { before } }
        },
      )
    })
    .openapi(release, (door) =>
      write(context, door, async (scope) => {
        const { id } = door.req.valid('param')
        const before = toCompared(await find(scope, id))
        return { status: 200 as const, body: toCompared(await releaseUsage(scope, id)), audit: { before } }
      }),
    )
}
