import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { momentText, monthText } from '../../parts/moment.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { sandbox } from '../../words/sandbox.ts'
import { type Panel, usePassing } from './use-panel.ts'

const words = sandbox.clock

/** What time it is in the sandbox, and the buttons that move it. */
export function Clock({ of: { clock, moving } }: { of: Panel }) {
  const pass = usePassing()
  const close = useWrite((_: null, header) => client.POST('/v1/sandbox/months/close', { params: { header } }))
  const month = monthText(clock.now.slice(0, 7))
  const running = clock.mode === 'running'
  return (
    <Card title={words.title}>
      <div>
        <Text size="xl" fw={650}>
          {words.now(momentText(clock.now))}
        </Text>
        <Text size="sm" c="dimmed">
          {running ? words.running : words.stopped}
        </Text>
      </div>
      {moving !== null && <OnItsWay now={clock.now} way={moving} />}
      <Group gap="xs">
        <Button size="sm" onClick={() => pass.mutate({ by: 'PT1H' })}>
          {words.hour}
        </Button>
        <Button size="sm" onClick={() => pass.mutate({ by: 'P1D' })}>
          {words.day}
        </Button>
        <Button
          size="sm"
          variant="default"
          onClick={() => pass.mutate({ to: monthEnd(moving?.to ?? clock.now) })}
        >
          {words.monthEnd}
        </Button>
        <Button size="sm" variant="default" loading={close.isPending} onClick={() => close.mutate(null)}>
          {words.close(month)}
        </Button>
        <Button
          size="sm"
          variant="subtle"
          onClick={() => pass.mutate({ mode: running ? 'stopped' : 'running' })}
        >
          {running ? words.stop : words.run}
        </Button>
      </Group>
      <Text size="sm" c="dimmed" maw={720}>
        {words.closeHelp(month)}
      </Text>
      <ProblemAlert error={pass.error ?? close.error} />
    </Card>
  )
}

function OnItsWay({ now, way: { from, to } }: { now: string; way: NonNullable<Panel['moving']> }) {
  const [begun, end, here] = [from, to, now].map((at) => new Date(at).getTime()) as [number, number, number]
  const percent = Math.max(2, Math.min(100, ((here - begun) / Math.max(1, end - begun)) * 100))
  return (
    <Stack gap={4} role="status">
      <Progress value={percent} animated aria-label={words.on} />
      <Text size="sm">{words.way(momentText(now), momentText(to))}</Text>
      <Text size="sm" c="dimmed">
        {words.steps}
      </Text>
    </Stack>
  )
}

/** The first moment of the next month. */
function monthEnd(now: string): string {
  const at = new Date(now)
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1)).toISOString()
}
