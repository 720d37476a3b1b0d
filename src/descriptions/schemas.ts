// How it looks on the wire what the cloud's files tell.
import { z } from '@hono/zod-openapi'
import { moneySchema, orNull } from '../door/index.ts'
import type { Described, Tax } from './model.ts'

const text = z.string().nullable()

export const partySchema = z
  .object({
    account_id: z.string(),
    name: text.openapi({ description: 'The legal name, else the name of the company at its address.' }),
    country: text,
    region: text,
    city: text,
  })
  .openapi('Party', { description: "Who stands behind an account, as the cloud's files name them." })

export const describedSchema = z
  .object({
    agreement_id: text.openapi({
      description: "The cloud's id of today, where a file has one of earlier days.",
    }),
    offer_id: text,
    offer: text.openapi({ description: "The offer's name." }),
    offered_to: z.array(z.string()).openapi({ description: 'The accounts that the offer was made for.' }),
    products: z.array(z.object({ product_id: z.string(), title: text, maker: orNull(partySchema) })),
    terms: z
      .array(z.string())
      .openapi({ description: "What the agreement has of terms, in the cloud's words." }),
    buyer: orNull(partySchema),
    seller: orNull(partySchema),
    taxes: z.array(
      z.object({
        type: text,
        level: text,
        jurisdiction: text,
        rate: text,
        amount: moneySchema,
        liable: text.openapi({ description: 'Who owes it to the authority.' }),
      }),
    ),
  })
  .openapi('Described', { description: "What the cloud's files tell of it, as it stood then." })

const shownTax = ({ amount, currency, ...tax }: Tax) => ({ ...tax, amount: { currency, amount } })

export function shownDescribed(of: Described | undefined): z.infer<typeof describedSchema> | null {
  return of === undefined ? null : { ...of, taxes: of.taxes.map(shownTax) }
}
