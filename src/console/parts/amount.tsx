import { Text } from '@mantine/core'
import { assetOf, currencies, digitsOf } from '../../core/money.ts'
import { common } from '../words/index.ts'

export type Money = { currency: string; amount: string }

/** The digits of an exact decimal in groups of three. Text in, text out: no number is ever made of money. */
export function grouped(amount: string): string {
  const [, sign = '', whole = '', rest = ''] = /^(-?)(\d+)(\.\d+)?$/.exec(amount) ?? []
  if (whole === '') return amount
  return `${sign === '-' ? '−' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${rest}`
}

/** An exact decimal with as many decimals as its currency has, at least: 30000 are 30000.00 dollars. */
function whole({ currency, amount }: Money): string {
  const places = currencies.includes(currency) ? digitsOf(assetOf(currency)) : 0
  const fraction = amount.split('.')[1] ?? ''
  if (fraction.length >= places || !/^-?\d+(\.\d+)?$/.test(amount)) return amount
  return `${amount}${fraction === '' ? '.' : ''}${'0'.repeat(places - fraction.length)}`
}

/** Money with its currency, as text: for labels and sentences. */
export const moneyText = (money: Money) => `${money.currency} ${grouped(whole(money))}`

/** Money, always with its currency; a dash for none. */
export function Amount({ value, strong = false }: { value: Money | null | undefined; strong?: boolean }) {
  if (value === null || value === undefined) return <span>{common.none}</span>
  return (
    <Text component="span" inherit className="amount" fw={strong ? 650 : 'inherit'}>
      {moneyText(value)}
    </Text>
  )
}
