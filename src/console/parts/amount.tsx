import { Text } from '@mantine/core'
import { common } from '../words/index.ts'

export type Money = { currency: string; amount: string }

/** The digits of an exact decimal in groups of three. Text in, text out: no number is ever made of money. */
export function grouped(amount: string): string {
  const [, sign = '', whole = '', rest = ''] = /^(-?)(\d+)(\.\d+)?$/.exec(amount) ?? []
  if (whole === '') return amount
  return `${sign === '-' ? '−' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${rest}`
}

/** Money with its currency, as text: for labels and sentences. */
export const moneyText = ({ currency, amount }: Money) => `${currency} ${grouped(amount)}`

/** Money, always with its currency; a dash for none. */
export function Amount({ value, strong = false }: { value: Money | null | undefined; strong?: boolean }) {
  if (value === null || value === undefined) return <span>{common.none}</span>
  return (
    <Text component="span" inherit className="amount" fw={strong ? 650 : 'inherit'}>
      {moneyText(value)}
    </Text>
  )
}
