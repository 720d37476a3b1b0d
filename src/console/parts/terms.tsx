import { Box, Stack, Table, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Schemas } from '../../client/index.ts'
import { common } from '../words/index.ts'
import { Amount, moneyText } from './amount.tsx'
import { Facts } from './facts.tsx'
import { Rows } from './list.tsx'
import { Day } from './moment.tsx'

type Terms = Schemas['Terms']

const words = common.terms

/** The fixed part of a price, or that there is none. */
export function Price({ of: terms }: { of: Terms }) {
  if ('total' in terms) return <Amount value={{ currency: terms.currency, amount: terms.total }} />
  const said = { usage: words.byUsage, configurable: words.byChoice, free_trial: words.free }
  return <span>{said[terms.kind]}</span>
}

/** What was agreed: the kind, the instalments with their sum, what is bought ahead, and the price of usage. */
export function TermsView({ of: terms, name }: { of: Terms; name?: string }) {
  // Two of them may stand on one screen; their tables are told apart by whose terms they are.
  const titled = (title: string) => (name === undefined ? title : words.titled(title, name))
  const { kind, currency } = terms
  return (
    <Stack gap="md">
      <Facts
        of={[
          [words.kind, words.kinds[kind]],
          [words.total, <Price key="total" of={terms} />],
          [words.duration, lengthText(terms)],
        ]}
      />
      {'instalments' in terms && <Instalments of={terms} label={titled(words.instalments)} />}
      {'rates' in terms && <Rates of={terms} label={titled(words.rates)} />}
      {'grants' in terms && terms.grants.length > 0 && (
        <Part title={words.grants}>
          <Rows
            title={titled(words.grants)}
            id={({ dimension }) => dimension}
            rows={terms.grants}
            columns={[
              { header: words.dimension, cell: ({ dimension }) => dimension },
              { header: words.quantity, right: true, cell: ({ quantity }) => quantity.toLocaleString('en') },
            ]}
          />
        </Part>
      )}
      {'usage_prices' in terms && Object.keys(terms.usage_prices).length > 0 && (
        <Part title={words.usagePrices}>
          <Rows
            title={titled(words.usagePrices)}
            id={([dimension]) => dimension}
            rows={Object.entries(terms.usage_prices)}
            columns={[
              { header: words.dimension, cell: ([dimension]) => dimension },
              {
                header: words.perUnit,
                right: true,
                cell: ([, amount]) => <Amount value={{ currency, amount }} />,
              },
            ]}
          />
        </Part>
      )}
    </Stack>
  )
}

function lengthText(terms: Terms): string {
  if (terms.kind === 'free_trial') return words.days(terms.trial_days)
  return terms.kind === 'configurable' ? words.ofChoice : words.months(terms.duration_months)
}

type RatesProps = { of: Extract<Terms, { kind: 'configurable' }>; label: string }

/** One line for each length and dimension. */
function Rates({ of: { rates, currency }, label }: RatesProps) {
  const lines = rates.flatMap(({ duration_months, prices }) =>
    Object.entries(prices).map(([dimension, amount]) => ({ duration_months, dimension, amount })),
  )
  return (
    <Part title={words.rates}>
      <Rows
        title={label}
        id={({ duration_months, dimension }) => `${duration_months} ${dimension}`}
        rows={lines}
        columns={[
          { header: words.length, cell: ({ duration_months }) => words.months(duration_months) },
          { header: words.dimension, cell: ({ dimension }) => dimension },
          {
            header: words.perUnit,
            right: true,
            cell: ({ amount }) => <Amount value={{ currency, amount }} />,
          },
        ]}
      />
    </Part>
  )
}

/** One table of the terms under its name, no wider than it can be read. */
function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Box maw={560}>
      <Text fw={600}>{title}</Text>
      {children}
    </Box>
  )
}

type InstalmentsProps = { of: Extract<Terms, { instalments: unknown }>; label: string }

function Instalments({ of: { instalments, currency, total }, label }: InstalmentsProps) {
  return (
    <Part title={words.instalments}>
      <Table aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{words.dueOn}</Table.Th>
            <Table.Th scope="col" ta="right">
              {words.instalment}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {instalments.map(({ due_on, amount }) => (
            <Table.Tr key={due_on}>
              <Table.Td>
                <Day on={due_on} />
              </Table.Td>
              <Table.Td ta="right">
                <Amount value={{ currency, amount }} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
        <Table.Tfoot>
          <Table.Tr>
            <Table.Th scope="row">{words.sum}</Table.Th>
            <Table.Td ta="right">
              <Text component="span" inherit className="amount" fw={650}>
                {moneyText({ currency, amount: total })}
              </Text>
            </Table.Td>
          </Table.Tr>
        </Table.Tfoot>
      </Table>
    </Part>
  )
}
