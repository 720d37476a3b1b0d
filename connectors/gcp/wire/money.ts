/** google.type.Money and google.type.Decimal against our exact numbers. */
import { z } from 'zod'
import { add, type Decimal, parseDecimal, zero } from '../../../src/core/decimal.ts'
import { currencyOf, digitsOf, type Money } from '../../../src/core/money.ts'

export type GoogleMoney = { currencyCode: string; units: string; nanos?: number }

export const moneyShape = z.looseObject({
  currencyCode: z.string().nullish(),
  units: z.union([z.string(), z.number()]).nullish(),
  nanos: z.number().nullish(),
})
export const decimalShape = z.looseObject({ value: z.string().nullish() })

const NANO_DIGITS = 9

export function toGoogleMoney({ asset, amount }: Money): GoogleMoney {
  const unit = 10n ** BigInt(digitsOf(asset))
  const nanos = Number((amount % unit) * 10n ** BigInt(NANO_DIGITS - digitsOf(asset)))
  const units = (amount / unit).toString()
  return { currencyCode: currencyOf(asset), units, ...(nanos === 0 ? {} : { nanos }) }
}

/** The exact amount; undefined if there is none. */
export function fromGoogleMoney(value: z.infer<typeof moneyShape> | null | undefined): Decimal | undefined {
  if (value === null || value === undefined) return undefined
  const units = parseDecimal(String(value.units ?? 0))
  if (units === undefined || !Number.isSafeInteger(value.nanos ?? 0)) return undefined
  const nanos = { coefficient: BigInt(value.nanos ?? 0), scale: NANO_DIGITS }
  return add(add(units, nanos), zero)
}

export function fromGoogleDecimal(
  value: z.infer<typeof decimalShape> | null | undefined,
): Decimal | undefined {
  return parseDecimal(value?.value ?? '')
}
