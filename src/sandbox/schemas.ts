import { z } from '@hono/zod-openapi'
import { clouds } from '../../connectors/connector.ts'
import { agreementStates } from '../agreements/model.ts'
import { localDate, moneySchema } from '../door/index.ts'
import { faultNames } from './faults.ts'

export const cloudSchema = z.enum(clouds)

const clock = z.object({ now: z.string(), mode: z.enum(['running', 'stopped']) })

export const movingSchema = z
  .object({ from: z.string(), to: z.string() })
  .openapi({ description: 'The clock goes there in steps, and the service does what falls due at each.' })

export const clockSchema = z.object({ clock, moving: movingSchema.nullable() }).openapi('SandboxClock')

export const buyerSchema = z
  .object({ cloud: cloudSchema, account_id: z.string(), name: z.string(), pays: z.boolean() })
  .openapi('SandboxBuyer')

const planned = {
  fault: z.enum(faultNames),
  cloud: cloudSchema.optional(),
  service: z.string().min(1).max(60).optional(),
  operation: z.string().min(1).max(80).optional(),
  after: z.number().int().min(0).max(100_000).optional(),
  times: z.number().int().min(1).max(100_000).optional(),
  delay_ms: z.number().int().min(0).max(600_000).optional(),
}
export const faultDraftSchema = z.strictObject(planned)
export const faultSchema = z
  .object({ ...planned, id: z.string(), seen: z.number().int(), used: z.number().int() })
  .openapi('SandboxFault', {
    description: 'seen: how many calls it could have met; used: how many of them it has met.',
  })

const asked = { id: z.string(), money: moneySchema }
const openDealSchema = z
  .object({
    auto_renew: z.boolean().nullable(),
    dimensions: z.record(z.string(), z.number().int()).nullable(),
    payment_requests: z.array(z.object({ ...asked, name: z.string() })),
    cancellation_requests: z.array(z.object({ id: z.string(), reason: z.string() })),
    refunds: z.array(z.object({ ...asked, invoice_id: z.string() })),
    invoices: z.array(z.object({ ...asked, due_at: z.string() })),
  })
  .openapi({ description: 'What of it waits for its buyer or for the cloud, where the sandbox plays that.' })

const ofDeal = { agreement_id: z.string().max(80) }
const request = { ...ofDeal, request_id: z.string().max(80) }
/** Once the quantities are so many that no cloud takes them. */
const UNITS_MAX = 2_147_483_647
export const deedSchema = z
  .discriminatedUnion('deed', [
    z.strictObject({
      deed: z.literal('decline'),
      offer_id: z.string().max(80),
      buyer_account_id: z.string().max(120).optional(),
    }),
    z.strictObject({ deed: z.literal('renew'), ...ofDeal, renews: z.boolean() }),
    z.strictObject({
      deed: z.literal('amend'),
      ...ofDeal,
      dimensions: z.record(z.string().max(120), z.number().int().min(0).max(UNITS_MAX)),
    }),
    z.strictObject({ deed: z.literal('answer_payment'), ...request, yes: z.boolean() }),
    z.strictObject({ deed: z.literal('answer_cancellation'), ...request, yes: z.boolean() }),
    z.strictObject({ deed: z.literal('answer_refund'), ...request, yes: z.boolean() }),
    z.strictObject({ deed: z.literal('forgive'), ...ofDeal, invoice_id: z.string().max(80) }),
  ])
  .openapi('SandboxDeed')
export type Deed = z.infer<typeof deedSchema>

export const panelSchema = z
  .object({
    clock,
    moving: movingSchema.nullable(),
    connectable: z
      .array(cloudSchema)
      .openapi({ description: 'Clouds on which an organisation of this kind can have a connection.' }),
    buyers: z.array(buyerSchema),
    resellers: z
      .array(
        z.object({
          organisation_id: z.string(),
          name: z.string(),
          cloud: cloudSchema,
          account_id: z.string(),
        }),
      )
      .openapi({ description: 'Connected accounts of the reseller organisations in which the caller sits.' }),
    offers: z
      .array(
        z.object({
          id: z.string(),
          name: z.string(),
          cloud: cloudSchema,
          money: z.union([moneySchema, z.null()]),
          expires_on: localDate,
          buyer_account_ids: z.array(z.string()),
          declinable: z.boolean(),
        }),
      )
      .openapi({ description: 'Live offers of this organisation, which their buyers could accept.' }),
    agreements: z
      .array(
        z.object({
          id: z.string(),
          name: z.string(),
          cloud: cloudSchema,
          state: z.enum(agreementStates),
          offer_id: z.string().nullable(),
          metered: z.array(z.string()).openapi({ description: 'What of it is counted by usage.' }),
          signed_up: z.boolean(),
          open: openDealSchema.nullable(),
        }),
      )
      .openapi({ description: 'Agreements that their buyers could cancel.' }),
    tasks: z
      .array(z.object({ operation_id: z.string(), cloud: cloudSchema, title: z.string() }))
      .openapi({ description: "Steps in a cloud's own pages that the sandbox can do for a person." }),
    faults: z.array(faultSchema),
    happened: z.array(z.object({ subject_id: z.string(), sentence: z.string(), occurred_at: z.string() })),
  })
  .openapi('Sandbox')

export const acceptedSchema = z
  .object({
    offer_id: z.string(),
    cloud: cloudSchema,
    buyer_account_id: z.string(),
    cloud_agreement_id: z.string(),
    signed_up: z.boolean(),
    problem: z
      .string()
      .nullable()
      .openapi({ description: 'Why the sign-up page did not let the buyer through.' }),
  })
  .openapi('SandboxAcceptance')
