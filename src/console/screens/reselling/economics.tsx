import { List, Stack, Text } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { decimal, formatDecimal, multiply } from '../../../core/decimal.ts'
import { Amount } from '../../parts/amount.tsx'
import { Facts } from '../../parts/facts.tsx'
import { type Column, Rows } from '../../parts/list.tsx'
import { Day, dayText } from '../../parts/moment.tsx'
import { common } from '../../words/index.ts'
import { reselling } from '../../words/reselling.ts'

const words = reselling.economics

type Item = Schemas['ResaleEconomics']['items'][number]
type Instalment = Item['instalments'][number]
type Unit = Item['usage'][number]
type Rate = Item['rates'][number]
type Part = Omit<Instalment, 'due_on'>

/** What the service computed for one markup: the sums, each instalment, a unit of usage, every step and its source. */
export function Economics({ item, currency }: { item: Item; currency: string }) {
  const { instalments, usage, rates, sources } = item
  const money = (amount: string | null) => (amount === null ? null : { currency, amount })
  const columns: Column<Part>[] = [
    { header: words.buyerPays, right: true, cell: (one) => <Amount value={money(one.buyer_pays)} /> },
    { header: words.owed, right: true, cell: (one) => <Amount value={money(one.owed_to_vendor)} /> },
    { header: words.margin, right: true, cell: (one) => <Amount value={money(one.margin)} /> },
    { header: words.fee, right: true, cell: (one) => <Amount value={money(one.fee)} /> },
    { header: words.left, right: true, cell: (one) => <Amount value={money(one.left)} strong /> },
  ]
  return (
    <Stack gap="md">
      {instalments.length > 0 && <Sums of={item} />}
      {instalments.length > 0 && (
        <Rows<Instalment>
          title={words.instalments}
          id={({ due_on }) => due_on}
          rows={instalments}
          columns={[{ header: words.dueOn, cell: ({ due_on }) => <Day on={due_on} /> }, ...columns]}
        />
      )}
      {usage.length > 0 && (
        <div>
          <Text fw={600}>{words.usage}</Text>
          <Text size="sm" c="dimmed">
            {words.usageHelp}
          </Text>
          <Rows<Unit>
            title={words.usage}
            id={({ dimension }) => dimension}
            rows={usage}
            columns={[{ header: words.dimension, cell: ({ dimension }) => dimension }, ...columns]}
          />
        </div>
      )}
      {rates.length > 0 && (
        <div>
          <Text fw={600}>{words.rates}</Text>
          <Text size="sm" c="dimmed">
            {words.ratesHelp}
          </Text>
          <Rows<Rate>
            title={words.rates}
            id={({ duration_months, dimension }) => `${duration_months} ${dimension}`}
            rows={rates}
            columns={[
              { header: words.length, cell: ({ duration_months }) => common.terms.months(duration_months) },
              { header: words.dimension, cell: ({ dimension }) => dimension },
              ...columns,
            ]}
          />
        </div>
      )}
      <details>
        <summary>{words.arithmetic}</summary>
        <Steps
          of={[
            ...instalments.map((one) => [dayText(one.due_on), one.arithmetic] as const),
            ...usage.map((one) => [one.dimension, one.arithmetic] as const),
            ...rates.map(
              (one) => [words.rateOf(one.dimension, one.duration_months), one.arithmetic] as const,
            ),
          ]}
        />
      </details>
      <details>
        <summary>{words.sources}</summary>
        <List size="sm">
          {sources.map((source) => (
            <List.Item key={source}>{source}</List.Item>
          ))}
        </List>
      </details>
    </Stack>
  )
}

function Sums({ of: { buyer_pays, owed_to_vendor, margin, fee, left, fee_rate } }: { of: Item }) {
  const rate = fee_rate === null ? '' : ` (${words.rate(percentOf(fee_rate))})`
  return (
    <Facts
      cols={5}
      of={[
        [words.buyerPays, <Amount key="sold" value={buyer_pays} />],
        [words.owed, <Amount key="owed" value={owed_to_vendor} />],
        [words.margin, <Amount key="margin" value={margin} />],
        [words.fee + rate, fee === null ? words.unknown : <Amount key="fee" value={fee} />],
        [words.left, left === null ? words.unknown : <Amount key="left" value={left} strong />],
      ]}
    />
  )
}

/** A rate as a percentage: "0.035" is "3.5". */
const percentOf = (rate: string) => formatDecimal(multiply(decimal(rate), decimal(100)))

function Steps({ of }: { of: readonly (readonly [string, readonly string[]])[] }) {
  return (
    <Stack gap="xs" mt="xs">
      {of.map(([name, steps]) => (
        <div key={name}>
          <Text size="sm" fw={600}>
            {name}
          </Text>
          <List size="sm" type="ordered">
            {steps.map((step) => (
              <List.Item key={step} className="amount" style={{ whiteSpace: 'normal' }}>
                {step}
              </List.Item>
            ))}
          </List>
        </div>
      ))}
    </Stack>
  )
}
