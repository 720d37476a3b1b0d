import { Group, Text } from '@mantine/core'

/** Where one is on the way through several steps; past ones are ticked. */
export function Steps({ names, at, label }: { names: readonly string[]; at: number; label: string }) {
  return (
    <Group component="ol" aria-label={label} gap="xs" m={0} p={0} style={{ listStyle: 'none' }}>
      {names.map((name, index) => (
        <li key={name} aria-current={index === at ? 'step' : undefined}>
          <Text
            component="span"
            size="sm"
            px="sm"
            py={4}
            fw={index === at ? 700 : 400}
            style={{
              display: 'inline-block',
              borderRadius: 'var(--mantine-radius-xl)',
              border: `1px solid var(${index === at ? '--mantine-color-text' : '--mantine-color-default-border'})`,
            }}
          >
            {index < at ? '✓' : index + 1} {name}
          </Text>
        </li>
      ))}
    </Group>
  )
}
