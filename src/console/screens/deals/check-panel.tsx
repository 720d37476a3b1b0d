import { Badge, Checkbox, Group, List, Stack, Text, TextInput } from '@mantine/core'
import { Card } from '../../parts/card.tsx'
import { type Connection, connectionText } from '../../parts/connections.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoToButton } from '../../parts/link.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { deals } from '../../words/deals.ts'
import type { Checked } from './use-check.ts'

const words = deals.check

type CheckPanelProps = {
  connections: readonly Connection[]
  chosen: readonly string[]
  onChoose(ids: string[]): void
  expires_on: string
  onExpire(day: string): void
  /** Why nothing is checked at the moment; undefined: it is. */
  waits: string | undefined
  checked: readonly Checked[] | undefined
  checking: boolean
  error: unknown
}

/** What stands in a draft's way on each cloud it is meant for. */
export function CheckPanel(props: CheckPanelProps) {
  const { connections, chosen, onChoose, expires_on, onExpire, waits, checked, checking, error } = props
  if (connections.length === 0) {
    return (
      <Card title={words.title}>
        <Empty title={words.noConnections} help={words.noConnectionsHelp}>
          <GoToButton to="/connections">{words.connect}</GoToButton>
        </Empty>
      </Card>
    )
  }
  return (
    <Card title={words.title}>
      <Text size="sm" c="dimmed">
        {words.help}
      </Text>
      <Checkbox.Group label={words.connections} value={[...chosen]} onChange={onChoose}>
        <Stack gap={6} mt={6}>
          {connections.map((connection) => (
            <Checkbox key={connection.id} value={connection.id} label={connectionText(connection)} />
          ))}
        </Stack>
      </Checkbox.Group>
      <TextInput
        type="date"
        label={words.expires}
        value={expires_on}
        onChange={(event) => onExpire(event.currentTarget.value)}
      />
      <Stack gap="sm" aria-live="polite">
        <Text size="sm" c="dimmed">
          {checking ? words.checking : waits}
        </Text>
        <ProblemAlert error={error} />
        {waits === undefined &&
          checked
            ?.filter(({ connection_id }) => chosen.includes(connection_id))
            .map((one) => (
              <Result
                key={one.connection_id}
                checked={one}
                connection={connections.find(({ id }) => id === one.connection_id)}
              />
            ))}
      </Stack>
    </Card>
  )
}

type ResultProps = { checked: Checked; connection: Connection | undefined }

function Result({ checked: { cloud, findings, source }, connection }: ResultProps) {
  return (
    <div>
      <Group gap="xs">
        <Text fw={600}>{connection === undefined ? cloud : connectionText(connection)}</Text>
        <Badge variant="light" tt="none" color={findings.length === 0 ? 'green' : 'red'}>
          {findings.length === 0 ? words.fine : words.found(findings.length)}
        </Badge>
      </Group>
      <Findings of={findings} />
      <details>
        <summary>{words.source}</summary>
        <Text size="sm">{source}</Text>
      </details>
    </div>
  )
}

/** What a field of the API is called on the screens. */
function fieldText(field: string): string {
  const [, index, part] = /^terms\.instalments\.(\d+)\.(\w+)$/.exec(field) ?? []
  if (index !== undefined) {
    const number = Number(index) + 1
    return part === 'due_on' ? deals.instalments.dueOnOf(number) : deals.instalments.amountOf(number)
  }
  const [known] = Object.keys(words.fields).filter((name) => field === name || field.startsWith(`${name}.`))
  const dimension = field.startsWith('terms.usage_prices.') ? ` (${field.split('.').at(-1)})` : ''
  return known === undefined ? field : `${words.fields[known]}${dimension}`
}

/** What would be refused, each with its field, the reason and what to do. */
export function Findings({ of }: { of: Checked['findings'] }) {
  if (of.length === 0) return null
  return (
    <List size="sm" spacing={4} my={4}>
      {of.map(({ rule, field, reason, fix }) => (
        <List.Item key={`${rule} ${field} ${reason}`}>
          <strong>{fieldText(field)}</strong> {words.sentence(reason, fix)}
        </List.Item>
      ))}
    </List>
  )
}
