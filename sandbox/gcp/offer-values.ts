import { type Decimal, decimal, format } from '../money.ts'
import type { Json, JsonObject, PrivateOffer } from './model.ts'
import { midnight, zonedDate } from './zone.ts'

// Reading the values inside an offer: google.type.Money, DateTime and Decimal in their JSON form.

export function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

export function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : []
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** Midnight in Los Angeles of the day a DateTime names; undefined when it is unset. */
export function instantOf(value: Json | undefined): number | undefined {
  const { year, month, day } = objectOf(value)
  if (typeof year !== 'number' || typeof month !== 'number' || typeof day !== 'number') return undefined
  return midnight(year, month, day)
}

export function dateTime(at: number): JsonObject {
  return { ...zonedDate(at), timeZone: { id: 'America/Los_Angeles' } }
}

export function amountOf(value: Json | undefined): Decimal {
  const { units, nanos } = objectOf(value)
  const whole = decimal(typeof units === 'string' ? units : String(units ?? '0'))
  return whole + BigInt(typeof nanos === 'number' ? nanos : 0) * 1_000n
}

/** google.type.Money in US dollars. */
export function moneyOf(amount: Decimal): JsonObject {
  const [units = '0', fraction = ''] = format(amount, 2).split('.')
  const nanos = Number(fraction.padEnd(9, '0').slice(0, 9))
  return { currencyCode: 'USD', units, ...(nanos === 0 ? {} : { nanos }) }
}

export function percentOf(value: Json | undefined): Decimal {
  return decimal(textOf(objectOf(value).value) || '0')
}

export function termOf(offer: PrivateOffer | undefined): JsonObject {
  return objectOf(offer?.content.term)
}

export function productOf(offer: PrivateOffer | undefined): JsonObject {
  return objectOf(offer?.content.singleProductOffer)
}

export function targetOf(offer: PrivateOffer): string {
  return textOf(objectOf(offer.content.customer).targetBillingAccount).replace(/^billingAccounts\//, '')
}
