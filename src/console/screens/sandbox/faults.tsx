import { Button, Group, NativeSelect, NumberInput, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { Rows } from '../../parts/list.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { common } from '../../words/index.ts'
import { sandbox } from '../../words/sandbox.ts'
import type { Panel } from './use-panel.ts'

const words = sandbox.faults
type Fault = Panel['faults'][number]
type FaultName = Fault['fault']
type Cloud = Panel['connectable'][number]

// An object's keys are its keys; the compiler knows them as text only.
const NAMES = Object.keys(words.kinds) as FaultName[]
const DELAY_MS = 10_000
const TIMES_MAX = 100

/** What is planned to go wrong, and more of it. */
export function Faults({ of: { faults } }: { of: Panel }) {
  return (
    <Card title={words.title}>
      <Text size="sm" c="dimmed" maw={720}>
        {words.lead}
      </Text>
      <Plan />
      {faults.length === 0 ? (
        <Text size="sm">{words.none}</Text>
      ) : (
        <Rows
          title={words.table}
          rows={faults}
          id={({ id }) => id}
          columns={[
            { header: words.columns.what, cell: ({ fault }) => words.kinds[fault] },
            {
              header: words.columns.cloud,
              cell: ({ cloud }) => (cloud === undefined ? words.anyCloud : common.clouds[cloud]),
            },
            { header: words.columns.met, cell: ({ used, times = 1 }) => words.met(used, times) },
            { header: words.columns.act, cell: (fault) => <TakeBack of={fault} /> },
          ]}
        />
      )}
    </Card>
  )
}

function TakeBack({ of: { id, fault, used, times = 1 } }: { of: Fault }) {
  const verb = used < times ? words.takeBack : words.clear
  const remove = useWrite((_: null, header) =>
    client.DELETE('/v1/sandbox/faults/{id}', { params: { path: { id }, header } }),
  )
  return (
    <Button
      size="compact-sm"
      variant="default"
      loading={remove.isPending}
      aria-label={`${verb}: ${words.kinds[fault]}`}
      onClick={() => remove.mutate(null)}
    >
      {verb}
    </Button>
  )
}

function Plan() {
  const [fault, setFault] = useState<FaultName>('drop_answer')
  const [cloud, setCloud] = useState<Cloud | ''>('')
  const [times, setTimes] = useState(1)
  const plan = useWrite(
    (_: null, header) =>
      client.POST('/v1/sandbox/faults', {
        params: { header },
        body: {
          fault,
          times,
          ...(cloud === '' ? {} : { cloud }),
          ...(fault === 'delay' ? { delay_ms: DELAY_MS } : {}),
        },
      }),
    { done: words.planned },
  )
  const send = (event: FormEvent) => {
    event.preventDefault()
    plan.mutate(null)
  }
  return (
    <form onSubmit={send}>
      <Group gap="sm" align="flex-end">
        <NativeSelect
          label={words.what}
          size="sm"
          value={fault}
          data={NAMES.map((value) => ({ value, label: words.kinds[value] }))}
          onChange={(event) => setFault(NAMES.find((name) => name === event.currentTarget.value) ?? fault)}
        />
        <NativeSelect
          label={words.cloud}
          size="sm"
          value={cloud}
          data={[
            { value: '', label: words.anyCloud },
            ...(['aws', 'azure', 'gcp'] as const).map((value) => ({ value, label: common.clouds[value] })),
          ]}
          onChange={(event) => setCloud(cloudOf(event.currentTarget.value))}
        />
        <NumberInput
          label={words.times}
          size="sm"
          w={110}
          min={1}
          max={TIMES_MAX}
          allowDecimal={false}
          value={times}
          onChange={(value) => setTimes(Math.max(1, Math.min(TIMES_MAX, Number(value) || 1)))}
        />
        <Button size="sm" type="submit" loading={plan.isPending}>
          {words.plan}
        </Button>
      </Group>
      <Text size="sm" mt="xs" maw={720} role="status">
        {words.explained[fault]}
      </Text>
      <ProblemAlert error={plan.error} />
    </form>
  )
}

function cloudOf(value: string): Cloud | '' {
  return value === 'aws' || value === 'azure' || value === 'gcp' ? value : ''
}
