import { Group, Stack, Text } from '@mantine/core'
import { grouped } from '../../parts/amount.tsx'
import { usage } from '../../words/usage.ts'

const { untagged, moreSets } = usage.records

/** So many sets are shown: a record may have thousands. */
const SHOWN = 20

/** A quantity divided by sets of tags. */
export function ByTags({ parts }: { parts: readonly { tags: Record<string, string>; quantity: string }[] }) {
  const shown = parts.slice(0, SHOWN)
  return (
    <Stack gap={2}>
      {shown.map(({ tags, quantity }) => (
        <Group key={JSON.stringify(tags)} gap="xs" wrap="nowrap" justify="space-between" align="baseline">
          <Text inherit {...(Object.keys(tags).length === 0 ? { c: 'dimmed' } : {})}>
            {tagsWords(tags)}
          </Text>
          <Text inherit>{grouped(quantity)}</Text>
        </Group>
      ))}
      {parts.length > shown.length && (
        <Text inherit c="dimmed">
          {moreSets(parts.length - shown.length)}
        </Text>
      )}
    </Stack>
  )
}

function tagsWords(tags: Record<string, string>): string {
  const words = Object.entries(tags).map(([key, value]) => `${key} = ${value}`)
  return words.length === 0 ? untagged : words.join(', ')
}
