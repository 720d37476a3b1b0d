import { Checkbox, Stack, TextInput } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { reselling } from '../../words/reselling.ts'
import { InstalmentEditor } from '../deals/instalment-editor.tsx'
import {
  evenPlan,
  monthsAfter,
  type Plan,
  planOf,
  readAmount,
  withTotal,
  writeAmount,
} from '../deals/instalments.ts'
import { type Choice, firstChoice, OwnChoice, readChoice } from './own-choice.tsx'

const words = reselling.accept

export type Schedulable = Extract<Schemas['Terms'], { instalments: unknown } | { rates: unknown }>
/** A payment plan of the reseller's own, as it is typed. `choice`: what of a price list it pays for. */
export type Own = { currency: string; total: string; plan: Plan; choice?: Choice }

/** It begins as the vendor's: what is owed, when it is owed; of a price list with nothing chosen yet. */
export function beginOwn(terms: Schedulable, today: string): Own {
  const { currency } = terms
  if ('rates' in terms)
    return { currency, total: '', plan: evenPlan(0n, [monthsAfter(today, 1)]), choice: firstChoice(terms) }
  const { total, instalments } = terms
  const parts = instalments.map(({ due_on, amount }) => ({
    due_on,
    amount: readAmount(currency, amount) ?? 0n,
  }))
  return { currency, total, plan: planOf(readAmount(currency, total) ?? 0n, parts) }
}

/** What is sent; undefined while the total cannot be read. */
export function bodyOf({ currency, total, plan, choice }: Own) {
  if (readAmount(currency, total) === undefined) return undefined
  const chosen = choice && readChoice(choice)
  if (choice !== undefined && chosen === undefined) return undefined
  const instalments = plan.instalments.map(({ due_on, amount }) => ({
    due_on,
    amount: writeAmount(currency, amount),
  }))
  return { instalments, ...chosen }
}

type OwnProps = {
  of: Schedulable
  own: Own | undefined
  /** By the API's field, such as `instalments.0.due_on`. */
  errors: Readonly<Record<string, string>>
  /** true: begin one; false: none after all. */
  onChange(own: Own | boolean): void
}

/** Whether the reseller has a payment plan of its own in place of a markup, and which. */
export function OwnSchedule({ of, own, errors, onChange }: OwnProps) {
  const { currency } = of
  const duration_months = 'rates' in of ? Number(own?.choice?.months ?? 1) : of.duration_months
  const placed = Object.fromEntries(Object.entries(errors).map(([field, text]) => [`terms.${field}`, text]))
  return (
    <Stack gap="sm" maw={760}>
      <Checkbox
        label={words.own}
        description={'rates' in of ? words.ownOfListHelp : words.ownHelp}
        checked={own !== undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      {own !== undefined && (
        <>
          {'rates' in of && own.choice !== undefined && (
            <OwnChoice
              of={of}
              choice={own.choice}
              errors={errors}
              onChange={(choice) => onChange({ ...own, choice })}
            />
          )}
          <TextInput
            maw={320}
            inputMode="decimal"
            label={words.ownTotal}
            value={own.total}
            error={
              own.total !== '' && readAmount(currency, own.total) === undefined
                ? words.ownTotalWrong
                : errors.instalments
            }
            onChange={(event) => {
              const total = event.currentTarget.value
              const amount = readAmount(currency, total)
              onChange({ ...own, total, plan: amount === undefined ? own.plan : withTotal(own.plan, amount) })
            }}
          />
          <InstalmentEditor
            plan={own.plan}
            currency={currency}
            duration_months={duration_months}
            errors={placed}
            onChange={(plan) => onChange({ ...own, plan })}
          />
        </>
      )}
    </Stack>
  )
}
