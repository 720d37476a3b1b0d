import { Table } from '@mantine/core'
import { moneyText } from '../../parts/amount.tsx'
import { arithmeticFields, moneyFields, named } from '../../words/money.ts'

type ArithmeticProps = {
  of: Readonly<Record<string, string>>
  label: string
  /** What its money is in, where the figures do not say it themselves. */
  currency?: string | undefined
}

const isPlain = (value: string) => /^-?\d+(\.\d+)?$/.test(value)

/** A computation as it was done: each of its figures with its name. Nothing for none. */
export function Arithmetic({ of, label, currency }: ArithmeticProps) {
  const fields = Object.entries(of)
  if (fields.length === 0) return null
  return (
    <Table withRowBorders={false} verticalSpacing={2} maw={560} aria-label={label} fz="sm">
      <Table.Tbody>
        {fields.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" fw={400} c="dimmed" w={180} style={{ verticalAlign: 'top' }}>
              {named(arithmeticFields, name)}
            </Table.Th>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              {currency !== undefined && moneyFields.has(name) && isPlain(value)
                ? moneyText({ currency, amount: value })
                : value}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
