import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { type Schemas, unwrap } from '../../../client/index.ts'
import { client } from '../../api.ts'
import { cloudText } from '../../parts/connections.tsx'
import { deals as words } from '../../words/deals.ts'
import type { DealDraft } from './compose-deal.ts'

export type Asked = {
  deal: DealDraft
  connection_ids: string[]
  expires_on: string | null
  channel: 'direct' | 'reseller'
  single_use?: boolean
  options?: Record<string, unknown>
}
export type Checked = {
  connection_id: string
  cloud: string
  findings: Schemas['Finding'][]
  source: string
}

/** How long after the last key a draft is checked. */
const PAUSE_MS = 400

/** Checks a draft on its connections while it is typed; undefined: there is nothing that could be checked yet. */
export function useCheck(asked: Asked | undefined) {
  // As text: it is the content that has to rest, not the object.
  const text = asked === undefined ? '' : JSON.stringify(asked)
  const [settled] = useDebouncedValue(text, PAUSE_MS)
  const query = useQuery<readonly Checked[]>({
    queryKey: ['deals', 'check', settled],
    enabled: settled !== '',
    placeholderData: (before) => before,
    queryFn: async ({ signal }) => {
      const body = JSON.parse(settled) as Asked
      return unwrap(await client.POST('/v1/deals/check', { body, signal })).connections
    },
  })
  return {
    checked: text === '' ? undefined : query.data,
    error: text === '' ? null : query.error,
    checking: text !== '' && (text !== settled || query.isFetching),
  }
}

/** Said beside the field only when somebody has begun to fill it in: a deal need not be meant for every cloud. */
const MISSING = 'buyer-missing'

/** What was found, by the field it is about; an account is the one of its cloud. */
export function findingsByField(checked: readonly Checked[] | undefined): Record<string, string> {
  const found: Record<string, string[]> = {}
  for (const { cloud, findings } of checked ?? []) {
    for (const { rule, field, reason, fix } of findings) {
      if (rule === MISSING) continue
      const key = field === 'buyer.accounts' ? `${field}.${cloud}` : field
      found[key] ??= []
      found[key].push(words.check.on(cloudText(cloud), words.check.sentence(reason, fix)))
    }
  }
  return Object.fromEntries(
    Object.entries(found).map(([field, sentences]) => [field, [...new Set(sentences)].join(' ')]),
  )
}
