import { Alert, Text } from '@mantine/core'
import type { Schemas } from '../../client/index.ts'
import { common } from '../words/index.ts'
import { GoTo } from './link.tsx'

type Approval = Schemas['Approval']

/** Whether a write was not done yet, because a second person has to agree. */
export function isApproval(answer: unknown): answer is Approval {
  return typeof answer === 'object' && answer !== null && 'asked_by' in answer && 'foreseen' in answer
}

/** Says that an act waits for a second person, and where. Nothing for what was done at once. */
export function SecondPerson({ answer }: { answer: unknown }) {
  if (!isApproval(answer)) return null
  return (
    <Alert color="yellow" title={common.secondPerson.title} role="status">
      <Text size="sm">
        {common.secondPerson.help} <GoTo to={`/approvals/${answer.id}`}>{common.secondPerson.open}</GoTo>
      </Text>
    </Alert>
  )
}
