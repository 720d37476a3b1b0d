import { Badge } from '@mantine/core'
import { states } from '../words/index.ts'

/** What a state of the API is called. */
export const stateText = (state: string) => states[state]?.[0] ?? state.replaceAll('_', ' ')

/** A state as a badge; its word says what its colour says. */
export function State({ is }: { is: string }) {
  return (
    <Badge variant="light" color={states[is]?.[1] ?? 'gray'} tt="none" style={{ flexShrink: 0 }}>
      {stateText(is)}
    </Badge>
  )
}
