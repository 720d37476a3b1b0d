import { Badge } from '@mantine/core'
import { states } from '../words/index.ts'

/** What a state of the API is called. */
export const stateText = (state: string) => states[state]?.[0] ?? state.replaceAll('_', ' ')

/** The colour of a state. */
export const stateTone = (state: string) => states[state]?.[1] ?? 'gray'

/** A state as a badge; its word says what its colour says. */
export function State({ is }: { is: string }) {
  return (
    <Badge variant="light" color={stateTone(is)} tt="none" style={{ flexShrink: 0, minWidth: 'max-content' }}>
      {stateText(is)}
    </Badge>
  )
}
