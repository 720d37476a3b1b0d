import { Alert, Anchor, Button, List, Stack, Text } from '@mantine/core'
import { ApiProblem, type Schemas } from '../../client/index.ts'
import { common } from '../words/index.ts'

type Problem = Schemas['Problem']

/** The problem behind an error; undefined where the service could not be reached at all. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof ApiProblem) return error.problem
  if (typeof error === 'object' && error !== null && 'detail' in error && 'status' in error) {
    // The client hands on what the service answered, which is a problem wherever it refuses.
    return error as Problem
  }
  return undefined
}

/** Whether the sentence says already all that the list of fields would say. */
const isSaid = ({ detail, errors = [] }: Problem) =>
  errors.every(({ field, rule, fix }) => detail.startsWith(`${field}: ${rule}`) && detail.includes(fix))

/** What went wrong and what to do about it, in the service's own words. Nothing for no error. */
export function ProblemAlert({ error, retry }: { error: unknown; retry?: (() => unknown) | undefined }) {
  if (error === null || error === undefined) return null
  const problem = problemOf(error)
  return (
    <Alert color="red" title={problem?.title ?? common.problem.title} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{problem?.detail ?? common.problem.lost}</Text>
        {problem?.errors !== undefined && !isSaid(problem) && (
          <List size="sm">
            {problem.errors.map(({ field, rule, fix }) => (
              <List.Item key={`${field} ${rule}`}>
                <strong>{field}</strong> {rule}. {fix}.
              </List.Item>
            ))}
          </List>
        )}
        {problem?.type.startsWith('/problems/') && (
          <Anchor size="sm" href={problem.type} target="_blank">
            {common.problem.more}
          </Anchor>
        )}
        {retry !== undefined && (
          <Button size="xs" variant="default" onClick={() => void retry()}>
            {common.retry}
          </Button>
        )}
      </Stack>
    </Alert>
  )
}
