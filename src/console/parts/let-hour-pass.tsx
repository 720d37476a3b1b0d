import { Button, Stack, Text } from '@mantine/core'
import { useMayPlay, usePanel, usePassing } from '../screens/sandbox/use-panel.ts'
import { common } from '../words/index.ts'
import { ProblemAlert } from './problem.tsx'

/** For whatever waits for a cloud: an hour of the embedded clouds' time, for those who may move it. */
export function LetHourPass({ quiet = false }: { quiet?: boolean }) {
  return useMayPlay() ? <Passing quiet={quiet} /> : null
}

function Passing({ quiet }: { quiet: boolean }) {
  const { moving } = usePanel()
  const pass = usePassing()
  return (
    <Stack gap={4} align="flex-start">
      <Button
        size="sm"
        variant={quiet ? 'default' : 'filled'}
        loading={pass.isPending || moving}
        onClick={() => pass.mutate({ by: 'PT1H' })}
        aria-label={moving ? common.hour.passing : common.hour.pass}
      >
        {common.hour.pass}
      </Button>
      <Text size="sm" c="dimmed">
        {common.hour.help}
      </Text>
      <ProblemAlert error={pass.error} />
    </Stack>
  )
}
