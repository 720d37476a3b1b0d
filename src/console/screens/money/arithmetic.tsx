import { Table } from '@mantine/core'
import { arithmeticFields, named } from '../../words/money.ts'

/** A computation as it was done: each of its figures with its name. Nothing for none. */
export function Arithmetic({ of, label }: { of: Readonly<Record<string, string>>; label: string }) {
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
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
