import { Alert, Code, Group, Stack, Text } from '@mantine/core'
import { common } from '../words/index.ts'
import { Copy } from './copy.tsx'

/** A secret or a link that is shown this once, with a button that copies it. */
export function ShownOnce({ title, help, secret }: { title: string; help: string; secret: string }) {
  return (
    <Alert color="yellow" title={title} role="alert">
      <Stack gap="xs">
        <Text size="sm">{help}</Text>
        <Group gap="xs" align="center">
          <Code style={{ overflowWrap: 'anywhere', whiteSpace: 'normal' }}>{secret}</Code>
          <Copy text={secret} what={title} />
        </Group>
        <Text size="sm" c="dimmed">
          {common.shownOnce}
        </Text>
      </Stack>
    </Alert>
  )
}
