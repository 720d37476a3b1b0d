import { Badge } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { tasks as words } from '../../words/tasks.ts'

/** How a change at a cloud stands: its states have names of their own. */
export function OperationState({ is }: { is: Schemas['Operation']['state'] }) {
  const [text, color] = words.states[is]
  return (
    <Badge variant="light" color={color} tt="none" style={{ flexShrink: 0, minWidth: 'max-content' }}>
      {text}
    </Badge>
  )
}

/** The states as the choices of a filter. */
export const stateChoices = Object.entries(words.states).map(([value, [label]]) => ({ value, label }))
/** The kinds as the choices of a filter. */
export const kindChoices = Object.entries(words.kinds).map(([value, label]) => ({ value, label }))
