import { Group, Stack, Text } from '@mantine/core'
import { Card } from '../../parts/card.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Subject } from '../../parts/subject.tsx'
import { sandbox } from '../../words/sandbox.ts'
import type { Panel } from './use-panel.ts'

const words = sandbox.happened

/** What happened last to anything of this organisation's, newest first. */
export function Happened({ of: { happened } }: { of: Panel }) {
  return (
    <Card title={words.title}>
      {happened.length === 0 ? (
        <Text c="dimmed">{words.empty}</Text>
      ) : (
        <Stack gap="xs" component="ol" p={0} m={0} style={{ listStyle: 'none' }}>
          {happened.map(({ subject_id, sentence, occurred_at }, index) => (
            // The same sentence may be true twice at one moment.
            // biome-ignore lint/suspicious/noArrayIndexKey: the list is shown as it came and never reordered.
            <li key={`${subject_id} ${occurred_at} ${index}`}>
              <Text>{sentence}</Text>
              <Group gap="sm">
                <Text size="sm" c="dimmed">
                  <Moment at={occurred_at} />
                </Text>
                <Subject id={subject_id} short />
              </Group>
            </li>
          ))}
        </Stack>
      )}
    </Card>
  )
}
