import { Button, Group, Stack, Text } from '@mantine/core'
import { useRef, useState } from 'react'
import { ApiProblem, type Schemas } from '../../client/index.ts'
import { chosenOrganisation } from '../api.ts'
import { common } from '../words/index.ts'
import { ProblemAlert } from './problem.tsx'

export type Downloadable = { label: string; path: string; file: string }

const KILOBYTE = 1024

/** Files of the service, made while they are read: how much came is shown, and it can be stopped. */
export function Downloads({ of }: { of: readonly Downloadable[] }) {
  const [bytes, setBytes] = useState<number>()
  const [error, setError] = useState<unknown>()
  const stop = useRef<AbortController>(undefined)
  const start = async (wanted: Downloadable) => {
    const controller = new AbortController()
    stop.current = controller
    setError(undefined)
    setBytes(0)
    try {
      save(await read(wanted.path, controller.signal, setBytes), wanted.file)
    } catch (caught) {
      if (!controller.signal.aborted) setError(caught)
    } finally {
      setBytes(undefined)
    }
  }
  return (
    <Stack gap="xs">
      <Group gap="xs">
        {of.map((one) => (
          <Button
            key={one.path}
            variant="default"
            size="xs"
            disabled={bytes !== undefined}
            onClick={() => void start(one)}
          >
            {one.label}
          </Button>
        ))}
        {bytes !== undefined && (
          <Button variant="subtle" size="xs" onClick={() => stop.current?.abort()}>
            {common.download.stop}
          </Button>
        )}
      </Group>
      {bytes !== undefined && (
        <Text size="sm" c="dimmed" role="status">
          {common.download.running(Math.round(bytes / KILOBYTE))}
        </Text>
      )}
      <ProblemAlert error={error} />
    </Stack>
  )
}

/** A link would go without the header that says for whom: so the file is read here, piece by piece. */
async function read(path: string, signal: AbortSignal, told: (bytes: number) => void): Promise<Blob> {
  const organisation = chosenOrganisation()
  const headers = organisation === undefined ? {} : { 'syndic-organisation': organisation }
  const answer = await fetch(path, { headers, signal })
  if (!answer.ok || answer.body === null) {
    // What is refused is answered with a problem.
    throw new ApiProblem((await answer.json()) as Schemas['Problem'])
  }
  const pieces: BlobPart[] = []
  let bytes = 0
  const reader = answer.body.getReader()
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    pieces.push(piece.value)
    bytes += piece.value.length
    told(bytes)
  }
  return new Blob(pieces, { type: answer.headers.get('content-type') ?? 'text/plain' })
}

function save(content: Blob, file: string): void {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = file
  link.click()
  // The browser has taken the content over when the click returns; some take a moment more.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
