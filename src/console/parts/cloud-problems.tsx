import { Alert, Code, List, Stack, Text } from '@mantine/core'
import { common } from '../words/index.ts'

type CloudProblem = { code: string; message: string; plain?: string }

/** Why a cloud refused: in plain words where we have them, always with its own code and words. Nothing for none. */
export function CloudProblems({ of }: { of: readonly CloudProblem[] }) {
  if (of.length === 0) return null
  return (
    <Alert color="red" title={common.cloudProblems.title}>
      <Stack gap="xs">
        <List size="sm" spacing="xs">
          {of.map(({ code, message, plain }) => (
            <List.Item key={`${code} ${message}`}>
              <Text size="sm">{plain ?? message}</Text>
              <Text size="sm" c="dimmed">
                <Code>{code}</Code> {plain === undefined || plain === message ? '' : message}
              </Text>
            </List.Item>
          ))}
        </List>
      </Stack>
    </Alert>
  )
}
