import { Checkbox, Stack, TextInput } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { reselling } from '../../words/reselling.ts'
import { InstalmentEditor } from '../deals/instalment-editor.tsx'
import { type Plan, planOf, readAmount, withTotal, writeAmount } from '../deals/instalments.ts'

const words = reselling.accept

type Fixed = Extract<Schemas['Terms'], { instalments: unknown }>
/** A payment plan of the reseller's own, as it is typed. */
export type Own = { currency: string; total: string; plan: Plan }

/** It begins as the vendor's: what is owed, when it is owed. */
export function beginOwn({ currency, total, instalments }: Fixed): Own {
  const parts = instalments.map(({ due_on, amount }) => ({
    due_on,
    amount: readAmount(currency, amount) ?? 0n,
  }))
  return { currency, total, plan: planOf(readAmount(currency, total) ?? 0n, parts) }
}

/** What is sent; undefined while the total cannot be read. */
export function bodyOf({ currency, total, plan }: Own) {
  if (readAmount(currency, total) === undefined) return undefined
  const instalments = plan.instalments.map(({ due_on, amount }) => ({
    due_on,
    amount: writeAmount(currency, amount),
  }))
  return { instalments }
}

type OwnProps = {
  of: Fixed
  own: Own | undefined
  /** By the API's field, such as `instalments.0.due_on`. */
  errors: Readonly<Record<string, string>>
  /** true: begin one; false: none after all. */
  onChange(own: Own | boolean): void
}

/** Whether the reseller has a payment plan of its own in place of a markup, and which. */
export function OwnSchedule({ of: { currency, duration_months }, own, errors, onChange }: OwnProps) {
  const placed = Object.fromEntries(Object.entries(errors).map(([field, text]) => [`terms.${field}`, text]))
  return (
    <Stack gap="sm" maw={760}>
      <Checkbox
        label={words.own}
        description={words.ownHelp}
        checked={own !== undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      {own !== undefined && (
        <>
          <TextInput
            maw={320}
            inputMode="decimal"
            label={words.ownTotal}
            value={own.total}
            error={readAmount(currency, own.total) === undefined ? words.ownTotalWrong : errors.instalments}
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
