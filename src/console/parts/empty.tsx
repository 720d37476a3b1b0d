import { Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** Why there is nothing here, and what to do about it. */
export function Empty({ title, help, children }: { title: string; help?: string; children?: ReactNode }) {
  return (
    <Stack align="center" gap="xs" py="xl" px="md" ta="center">
      <Title order={2} size="h4">
        {title}
      </Title>
      {help !== undefined && (
        <Text c="dimmed" maw={520}>
          {help}
        </Text>
      )}
      {children}
    </Stack>
  )
}
