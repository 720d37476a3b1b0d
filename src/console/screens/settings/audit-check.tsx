import { Alert, Button, Code, Group, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type Answer, api } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { Copy } from '../../parts/copy.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { audit } from '../../words/audit.ts'

const words = audit.check

/** A head of the chain as it is copied from here. */
type Head = { sequence: string; digest: string }
const HEAD = /^(\d{1,18})\s+([0-9a-f]{64})$/

const headText = ({ sequence, digest }: Head) => `${sequence} ${digest}`

function readHead(text: string): Head | undefined {
  const [, sequence, digest] = HEAD.exec(text.trim()) ?? []
  return sequence === undefined || digest === undefined ? undefined : { sequence, digest }
}

/** Has the whole chain computed again, and held against a head that was kept elsewhere. */
export function AuditCheck() {
  const [kept, setKept] = useState('')
  const [wrong, setWrong] = useState(false)
  const [asked, ask] = useState<{ head: Head | undefined }>()
  // Each time it is asked for it is computed again: what was found before says nothing about now.
  const { data, error, isFetching, refetch } = api.useQuery(
    'get',
    '/v1/audit/check',
    { params: { query: asked?.head ?? {} } },
    { enabled: asked !== undefined },
  )
  const check = (event: FormEvent) => {
    event.preventDefault()
    const head = readHead(kept)
    const mistaken = kept.trim() !== '' && head === undefined
    setWrong(mistaken)
    if (mistaken) return
    if (asked !== undefined && JSON.stringify(asked.head) === JSON.stringify(head)) void refetch()
    else ask({ head })
  }
  return (
    <Card title={words.title}>
      <form onSubmit={check}>
        <Stack gap="sm">
          <Text size="sm" c="dimmed" maw={720}>
            {words.help}
          </Text>
          <details>
            <summary>{words.against}</summary>
            <TextInput
              mt="xs"
              maw={640}
              label={words.kept}
              description={words.keptHelp}
              autoComplete="off"
              spellCheck={false}
              value={kept}
              error={wrong && words.keptWrong}
              onChange={(event) => setKept(event.currentTarget.value)}
            />
          </details>
          <Group>
            <Button variant="default" size="xs" type="submit" loading={isFetching}>
              {words.run}
            </Button>
          </Group>
        </Stack>
      </form>
      <div role="status">
        {isFetching ? (
          <Text>{words.running}</Text>
        ) : error ? (
          <ProblemAlert error={error} />
        ) : (
          data !== undefined && <Found of={data} against={asked?.head} />
        )}
      </div>
    </Card>
  )
}

function Found({ of, against }: { of: Answer<'/v1/audit/check'>; against: Head | undefined }) {
  if (of.broken !== null) {
    return (
      <Alert color="red" title={words.broken(of.broken.sequence)}>
        <Text size="sm">{words.brokenHelp(of.broken.reason)}</Text>
        {against !== undefined && <Text size="sm">{words.brokenKept}</Text>}
      </Alert>
    )
  }
  const head = headText(of.head)
  return (
    <Alert color="green" title={words.good(of.records)} role="note">
      <Stack gap="xs">
        {against !== undefined && <Text size="sm">{words.goodKept}</Text>}
        <Text size="sm">{words.head}</Text>
        <Group gap="xs">
          <Code style={{ overflowWrap: 'anywhere', whiteSpace: 'normal' }}>{head}</Code>
          <Copy text={head} what={words.head} />
        </Group>
      </Stack>
    </Alert>
  )
}
