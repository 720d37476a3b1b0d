import { NativeSelect, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { decimal, multiply, zero } from '../../../core/decimal.ts'
import { assetOf, formatMoney, roundMoney, sumMoney } from '../../../core/money.ts'
import { moneyText } from '../../parts/amount.tsx'
import { many } from '../../words/common.ts'
import { reselling } from '../../words/reselling.ts'

const words = reselling.accept
const WHOLE = /^[1-9]\d{0,8}$/

type List = Extract<Schemas['Terms'], { rates: unknown }>
/** What a reseller sells of a price list, as it is typed: quantities by dimension. */
export type Choice = { months: string; quantities: Readonly<Record<string, string>> }

export function firstChoice({ rates }: List): Choice {
  return { months: String(rates[0]?.duration_months ?? ''), quantities: {} }
}

/** What is sent; undefined while nothing is chosen, or a quantity cannot be read. */
export function readChoice({ months, quantities }: Choice) {
  const typed = Object.entries(quantities).filter(([, text]) => text.trim() !== '')
  if (typed.length === 0 || typed.some(([, text]) => !WHOLE.test(text.trim()))) return undefined
  const grants = typed.map(([dimension, text]) => ({ dimension, quantity: Number(text.trim()) }))
  return { duration_months: Number(months), grants }
}

/** What the choice costs by the vendor's list, each dimension rounded as the service does it. */
function costOf({ currency, rates }: List, choice: Choice): string | undefined {
  const read = readChoice(choice)
  const prices = rates.find(({ duration_months }) => duration_months === read?.duration_months)?.prices
  if (read === undefined || prices === undefined) return undefined
  const parts = read.grants.map(({ dimension, quantity }) => {
    const price = prices[dimension]
    return roundMoney(
      currency,
      price === undefined ? zero : multiply(decimal(price), decimal(quantity)),
      'half_up',
    )
  })
  return moneyText({ currency, amount: formatMoney(sumMoney(assetOf(currency), parts)) })
}

type ChoiceProps = {
  of: List
  choice: Choice
  errors: Readonly<Record<string, string>>
  onChange(choice: Choice): void
}

/** Which length of a price list is sold, and how much of what it prices. */
export function OwnChoice({ of, choice, errors, onChange }: ChoiceProps) {
  const prices =
    of.rates.find(({ duration_months }) => String(duration_months) === choice.months)?.prices ?? {}
  const cost = costOf(of, choice)
  return (
    <Stack gap="xs">
      <NativeSelect
        maw={320}
        label={words.ownLength}
        value={choice.months}
        error={errors.duration_months}
        data={of.rates.map(({ duration_months }) => ({
          value: String(duration_months),
          label: many(duration_months, 'month'),
        }))}
        onChange={(event) => onChange({ months: event.currentTarget.value, quantities: {} })}
      />
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }}>
        {Object.entries(prices).map(([dimension, price]) => {
          const text = choice.quantities[dimension] ?? ''
          return (
            <TextInput
              key={dimension}
              inputMode="numeric"
              label={dimension}
              description={words.ownPrice(moneyText({ currency: of.currency, amount: price }))}
              value={text}
              error={text.trim() !== '' && !WHOLE.test(text.trim()) && words.ownQuantityWrong}
              onChange={(event) =>
                onChange({
                  ...choice,
                  quantities: { ...choice.quantities, [dimension]: event.currentTarget.value },
                })
              }
            />
          )
        })}
      </SimpleGrid>
      <Text size="sm" c={errors.grants === undefined ? 'dimmed' : 'var(--mantine-color-error)'} role="status">
        {errors.grants ?? (cost === undefined ? words.ownNothing : words.ownCost(cost))}
      </Text>
    </Stack>
  )
}
