import { Stack, Text } from '@mantine/core'
import type { paths } from '../../../client/index.ts'
import { Card } from '../../parts/card.tsx'
import { Rows } from '../../parts/list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Words } from '../../parts/timeline.tsx'
import { tasks } from '../../words/tasks.ts'

type One = paths['/v1/operations/{id}']['get']['responses'][200]['content']['application/json']
type Attempt = One['history'][number]

const words = tasks.one

/** Each sending and each question after it, with what the cloud answered. */
export function Attempts({ of }: { of: readonly Attempt[] }) {
  return (
    <Card title={words.attempts}>
      {of.length === 0 ? (
        <Text c="dimmed">{words.noAttempts}</Text>
      ) : (
        <Rows
          title={words.attempts}
          rows={of.toReversed()}
          id={({ number }) => String(number)}
          columns={[
            { header: words.attempt.number, cell: ({ number }) => number },
            { header: words.attempt.purpose, cell: ({ purpose }) => words.purposes[purpose] ?? purpose },
            { header: words.attempt.sent, cell: ({ sent_at }) => <Moment at={sent_at} /> },
            { header: words.attempt.answered, cell: ({ answered_at }) => <Moment at={answered_at} /> },
            { header: words.attempt.outcome, cell: ({ outcome }) => words.outcomes[outcome] ?? outcome },
            { header: words.attempt.said, cell: (attempt) => <Said of={attempt} /> },
          ]}
        />
      )}
    </Card>
  )
}

/** What was written down of a step that a person does is no word of a cloud. */
const BY_HAND = /^(human|by_hand)/

function Said({ of: { outcome, fault, cloud_code, message, evidence } }: { of: Attempt }) {
  const said = [cloud_code ?? fault, message].filter((part) => part !== null && part !== '').join(': ')
  return (
    <Stack gap={2} maw={520}>
      {said !== '' && <Text size="sm">{said}</Text>}
      {evidence !== null && evidence !== undefined && (
        <Words of={evidence} {...(BY_HAND.test(outcome) ? { title: words.byHand } : {})} />
      )}
    </Stack>
  )
}
