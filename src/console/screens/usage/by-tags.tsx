import { Group, Stack, Text } from '@mantine/core'
import { grouped } from '../../parts/amount.tsx'
import { usage } from '../../words/usage.ts'

const { untagged, moreSets } = usage.records

type Part = { tags: Record<string, string>; quantity: string }

/** A quantity divided by sets of tags, of which there may be thousands: so many of them. */
export function ByTags({ parts, shown }: { parts: readonly Part[]; shown: number }) {
  return (
    <Stack gap={2} w="fit-content" maw="100%">
      {parts.slice(0, shown).map(({ tags, quantity }) => {
        const words = tagsWords(tags)
        return (
          <Group key={words} gap="lg" wrap="nowrap" justify="space-between">
            <Text inherit truncate maw={260} title={words} {...(words === untagged ? { c: 'dimmed' } : {})}>
              {words}
            </Text>
            <Text inherit>{grouped(quantity)}</Text>
          </Group>
        )
      })}
      {parts.length > shown && (
        <Text inherit c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          {moreSets(parts.length - shown)}
        </Text>
      )}
    </Stack>
  )
}

function tagsWords(tags: Record<string, string>): string {
  const words = Object.entries(tags).map(([key, value]) => `${key} = ${value}`)
  return words.length === 0 ? untagged : words.join(', ')
}
