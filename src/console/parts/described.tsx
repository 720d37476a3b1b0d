import { Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Schemas } from '../../client/index.ts'
import { decimal, formatDecimal, multiply, parseDecimal } from '../../core/decimal.ts'
import { described as words } from '../words/described.ts'
import { Amount } from './amount.tsx'

type Described = Schemas['Described']
type Party = Schemas['Party']

/** Who stands behind an account, in a line: "Example Corp, Berlin, DE". */
export function partyText({ name, account_id, city, region, country }: Party): string {
  return [name ?? account_id, city, region, country].filter((part) => part !== null).join(', ')
}

/** What was sold to whom, in a line: "Ledger Cloud, Spring, Example Corp". */
export function describedText({ products, offer, buyer }: Described): string {
  return [...products.map(({ title }) => title), offer, buyer?.name].filter(Boolean).join(', ')
}

/** What the cloud's files tell of a line that is of nothing known here. */
export function DescribedFacts({ of }: { of: Described }) {
  const { products, offer, offer_id, offered_to, buyer, seller } = of
  const titles = products.map(({ title, product_id }) => title ?? product_id).join(', ')
  return (
    <Group gap="md">
      {titles !== '' && <Fact label={words.product}>{titles}</Fact>}
      {offer_id !== null && <Fact label={words.offer}>{offer ?? offer_id}</Fact>}
      {buyer !== null && <Fact label={words.buyer}>{partyText(buyer)}</Fact>}
      {buyer === null && offered_to.length > 0 && (
        <Fact label={words.offeredTo}>{offered_to.join(', ')}</Fact>
      )}
      {seller !== null && <Fact label={words.seller}>{partyText(seller)}</Fact>}
    </Group>
  )
}

/** What a tax line is made of: where each tax is owed, its rate, how much, and by whom. */
export function Taxes({ of }: { of: Described['taxes'] }) {
  if (of.length === 0) return null
  return (
    <Stack gap={2}>
      {of.map(({ type, level, jurisdiction, rate, amount, liable }) => (
        <Group key={[type, level, jurisdiction, rate, amount.amount].join()} gap="sm" fz="sm">
          <Fact label={words.taxes}>{words.tax(type, level, jurisdiction)}</Fact>
          {rate !== null && <Text size="sm">{words.rate(percentOf(rate))}</Text>}
          <Amount value={amount} />
          {liable !== null && (
            <Text size="sm" c="dimmed">
              {words.liable(liable)}
            </Text>
          )}
        </Group>
      ))}
    </Stack>
  )
}

function percentOf(rate: string): string {
  const exact = parseDecimal(rate)
  return exact === undefined ? rate : formatDecimal(multiply(exact, decimal('100')))
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      <Text span size="sm" c="dimmed">
        {label}
      </Text>{' '}
      {children}
    </Text>
  )
}
