import { SimpleGrid, Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** What is known of one thing: labels and values. A value of undefined is left out. */
export function Facts({ of, cols = 3 }: { of: readonly (readonly [string, ReactNode])[]; cols?: number }) {
  return (
    <SimpleGrid component="dl" cols={{ base: 1, xs: 2, md: cols }} spacing="md" m={0}>
      {of
        .filter(([, value]) => value !== undefined)
        .map(([label, value]) => (
          <div key={label} style={{ minWidth: 0 }}>
            <Text component="dt" size="sm" c="dimmed">
              {label}
            </Text>
            <Text component="dd" m={0} style={{ overflowWrap: 'anywhere' }}>
              {value}
            </Text>
          </div>
        ))}
    </SimpleGrid>
  )
}
