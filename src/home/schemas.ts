import { z } from '@hono/zod-openapi'
import { clouds } from '../../connectors/connector.ts'
import { moneyText } from '../core/money.ts'
import { decimalText, moneySchema, month } from '../door/index.ts'
import { guideStepNames } from './guide.ts'
import { needKindNames } from './model.ts'
import type { Home } from './read-needs.ts'

const kind = z.enum(needKindNames)

export const homeSchema = z
  .object({
    now: z.string().openapi({ description: 'Business time, in which the deadlines are told.' }),
    items: z
      .array(
        z.object({
          kind,
          subject_id: z
            .string()
            .openapi({ description: 'What it is done with: an exception, an operation, an offer…' }),
          sentence: z.string(),
          money: z.union([moneySchema, z.null()]),
          deadline_at: z.string().nullable(),
          since: z.string(),
        }),
      )
      .openapi({ description: 'The most urgent ones: by deadline, then by money.' }),
    groups: z
      .array(z.object({ kind, count: z.number().int(), sums: z.array(moneySchema) }))
      .openapi({ description: 'All of them, counted by kind.' }),
    total: z.number().int(),
  })
  .openapi('Home')

const amounts = {
  month,
  currency: z.string(),
  booked: decimalText,
  invoiced: decimalText,
  collected: decimalText,
  disbursed: decimalText,
}

export const moneyByMonthSchema = z
  .object({
    months: z.array(month),
    items: z.array(z.object({ cloud: z.enum(clouds), ...amounts })),
    totals: z.array(z.object(amounts)).openapi({ description: 'The same of all clouds together.' }),
  })
  .openapi('MoneyByMonth')

const step = z.enum(guideStepNames)

export const guideSchema = z
  .object({
    dismissed: z.boolean().openapi({ description: 'By this person, in this organisation.' }),
    finished: z.boolean(),
    at: step.nullable().openapi({ description: 'The first step that is not done; null when all are.' }),
    steps: z.array(z.object({ key: step, done: z.boolean(), under_way: z.boolean() })),
  })
  .openapi('Guide')

export function shownHome({ needs, groups, total }: Home, now: Date): z.infer<typeof homeSchema> {
  return {
    now: now.toISOString(),
    items: needs.map(({ money, deadline_at, since, ...rest }) => ({
      ...rest,
      money: money === null ? null : moneyText(money),
      deadline_at: deadline_at?.toISOString() ?? null,
      since: since.toISOString(),
    })),
    groups: groups.map(({ sums, ...rest }) => ({ ...rest, sums: sums.map(moneyText) })),
    total,
  }
}
