import { Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { compare, decimal, formatDecimal, parseDecimal } from '../../../core/decimal.ts'
import { api } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { useSession } from '../../session.tsx'
import { reselling } from '../../words/reselling.ts'
import { Accept } from './accept.tsx'
import { Economics } from './economics.tsx'
import type { OpenedOne } from './opened-one.tsx'

const words = reselling.economics
/** How long after the last key the service is asked. */
const PAUSE_MS = 250

/** What a markup is worth, as it is typed; and the acceptance with it. */
export function Worth({ of }: { of: OpenedOne }) {
  const { can } = useSession()
  const { id, markup_min_percent: low, markup_max_percent: high, standing } = of
  const [typed, setTyped] = useState(low)
  const markup = parseDecimal(typed.trim())
  const text = markup === undefined ? '' : formatDecimal(markup)
  const [asked] = useDebouncedValue(text, PAUSE_MS)
  const inside =
    markup !== undefined && compare(markup, decimal(low)) >= 0 && compare(markup, decimal(high)) <= 0
  const { data, error, isFetching } = api.useQuery(
    'get',
    '/v1/opened-authorizations/{id}/economics',
    { params: { path: { id }, query: { markup_percent: asked } } },
    { enabled: asked !== '', placeholderData: (before) => before },
  )
  const item = data?.items[0]
  const current = text !== '' && text === asked && !isFetching
  return (
    <Card title={words.title}>
      <Stack>
        <TextInput
          maw={320}
          inputMode="decimal"
          label={words.markup}
          description={words.markupHelp(low, high)}
          value={typed}
          error={
            markup === undefined
              ? words.wrong
              : inside || standing !== 'open'
                ? undefined
                : words.outside(low, high)
          }
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <ProblemAlert error={error} />
        {data !== undefined && item !== undefined && (
          <div aria-live="polite" aria-busy={!current} style={{ opacity: current ? 1 : 0.6 }}>
            <Economics item={item} currency={data.currency} />
          </div>
        )}
        {item === undefined && error === null && (
          <Text size="sm" c="dimmed">
            {words.computing}
          </Text>
        )}
        {standing === 'open' && can('offers.manage') && (
          <Accept of={of} markup_percent={inside ? text : undefined} />
        )}
      </Stack>
    </Card>
  )
}
