import { Code, Timeline as MantineTimeline, Stack, Text } from '@mantine/core'
import type { Schemas } from '../../client/index.ts'
import { common } from '../words/index.ts'
import { Card } from './card.tsx'
import { Moment } from './moment.tsx'

/** What happened, newest first: a plain sentence for each, and the cloud's own words where it said something. */
export function Timeline({ events }: { events: Schemas['Timeline'] }) {
  return (
    <Card title={common.timeline.title}>
      {events.length === 0 ? (
        <Text c="dimmed">{common.timeline.empty}</Text>
      ) : (
        <MantineTimeline active={events.length} bulletSize={14} lineWidth={2}>
          {events.toReversed().map((event) => (
            <MantineTimeline.Item key={`${event.occurred_at} ${event.kind} ${event.sentence}`}>
              <Stack gap={4}>
                <Text>{event.sentence}</Text>
                <Text size="sm" c="dimmed">
                  <Moment at={event.occurred_at} />
                </Text>
                {event.cloud_words !== null && event.cloud_words !== undefined && (
                  <Words of={event.cloud_words} />
                )}
              </Stack>
            </MantineTimeline.Item>
          ))}
        </MantineTimeline>
      )}
    </Card>
  )
}

/** Evidence as it came, folded away until somebody wants it. */
export function Words({ of, title = common.raw }: { of: unknown; title?: string }) {
  return (
    <details>
      <summary>{title}</summary>
      <Code block mah={320} style={{ overflow: 'auto' }} tabIndex={0}>
        {JSON.stringify(of, null, 2)}
      </Code>
    </details>
  )
}
