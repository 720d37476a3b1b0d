import { Stack, Table, Text } from '@mantine/core'
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
  if (terms.kind === 'usage') return <span>{words.byUsage}</span>
  return <Amount value={{ currency: terms.currency, amount: terms.total }} />
}

/** What was agreed: the kind, the instalments with their sum, what is bought ahead, and the price of usage. */
export function TermsView({ of: terms }: { of: Terms }) {
  const { kind, currency, duration_months } = terms
  return (
    <Stack gap="md">
      <Facts
        of={[
          [words.kind, words.kinds[kind]],
          [words.total, <Price key="total" of={terms} />],
          [words.duration, words.months(duration_months)],
        ]}
      />
      {terms.kind !== 'usage' && <Instalments of={terms} />}
      {terms.kind !== 'usage' && terms.grants.length > 0 && (
        <Rows
          title={words.grants}
          id={({ dimension }) => dimension}
          rows={terms.grants}
          columns={[
            { header: words.dimension, cell: ({ dimension }) => dimension },
            { header: words.quantity, right: true, cell: ({ quantity }) => quantity.toLocaleString('en') },
          ]}
        />
      )}
      {terms.kind !== 'contract' && (
        <Rows
          title={words.usagePrices}
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
      )}
    </Stack>
  )
}

function Instalments({ of: { instalments, currency, total } }: { of: Exclude<Terms, { kind: 'usage' }> }) {
  return (
    <Table aria-label={words.instalments} maw={520}>
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
  )
}
