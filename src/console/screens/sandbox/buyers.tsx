import { Badge, Button, Code, CopyButton, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { common } from '../../words/index.ts'
import { sandbox } from '../../words/sandbox.ts'
import type { Panel } from './use-panel.ts'

const words = sandbox.buyers
type Buyer = Panel['buyers'][number]

/** Who buys in the sandbox: their account ids are what deals name, and they pay their bills or do not. */
export function Buyers({ of: { buyers } }: { of: Panel }) {
  return (
    <Card title={words.title}>
      <Text size="sm" c="dimmed">
        {words.lead}
      </Text>
      {buyers.length === 0 ? (
        <Text>{words.empty}</Text>
      ) : (
        <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }} aria-label={words.table}>
          {buyers.map((buyer) => (
            <li key={`${buyer.cloud} ${buyer.account_id}`}>
              <Group justify="space-between" gap="xs">
                <div style={{ flex: '1 1 18rem', minWidth: 0 }}>
                  <Text>
                    {buyer.name},{' '}
                    <Text component="span" size="sm" c="dimmed">
                      {common.clouds[buyer.cloud]}
                    </Text>
                  </Text>
                  <AccountId of={buyer} />
                </div>
                <Pays of={buyer} />
              </Group>
            </li>
          ))}
        </Stack>
      )}
      <AddBuyer />
    </Card>
  )
}

function AccountId({ of: { account_id, name } }: { of: Buyer }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <Code style={{ overflowWrap: 'anywhere', whiteSpace: 'normal' }}>{account_id}</Code>
      <CopyButton value={account_id}>
        {({ copied, copy }) => (
          <Button size="compact-xs" variant="default" onClick={copy} aria-label={`${common.copy} ${name}`}>
            {copied ? common.copied : common.copy}
          </Button>
        )}
      </CopyButton>
    </Group>
  )
}

function Pays({ of: { cloud, account_id, name, pays } }: { of: Buyer }) {
  const set = useWrite((next: boolean, header) =>
    client.POST('/v1/sandbox/pay', { params: { header }, body: { cloud, account_id, pays: next } }),
  )
  const verb = pays ? words.stopPaying : words.payAgain
  return (
    <Group gap="xs" wrap="nowrap">
      <Badge variant="light" color={pays ? 'green' : 'red'} tt="none" style={{ flexShrink: 0 }}>
        {pays ? words.pays : words.open}
      </Badge>
      <Button
        size="compact-xs"
        variant="default"
        loading={set.isPending}
        aria-label={`${verb}: ${name}`}
        onClick={() => set.mutate(!pays)}
      >
        {verb}
      </Button>
    </Group>
  )
}

function AddBuyer() {
  const [name, setName] = useState('')
  const [cloud, setCloud] = useState<Buyer['cloud']>('aws')
  const add = useWrite(
    (_: null, header) => client.POST('/v1/sandbox/buyers', { params: { header }, body: { cloud, name } }),
    { done: (made) => words.added(made.name), onDone: () => setName('') },
  )
  const errors = fieldErrors(add.error)
  const send = (event: FormEvent) => {
    event.preventDefault()
    add.mutate(null)
  }
  return (
    <form onSubmit={send}>
      <Group gap="sm" align="flex-end">
        <TextInput
          label={words.name}
          size="sm"
          required
          maxLength={120}
          value={name}
          error={errors.name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NativeSelect
          label={words.cloud}
          size="sm"
          value={cloud}
          data={(['aws', 'azure', 'gcp'] as const).map((value) => ({ value, label: common.clouds[value] }))}
          onChange={(event) => setCloud(cloudOf(event.currentTarget.value))}
        />
        <Button size="sm" type="submit" loading={add.isPending}>
          {words.add}
        </Button>
      </Group>
      {errors.name === undefined && <ProblemAlert error={add.error} />}
    </form>
  )
}

function cloudOf(value: string): Buyer['cloud'] {
  return value === 'azure' || value === 'gcp' ? value : 'aws'
}
