import { Text } from '@mantine/core'
import { api } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { GoTo } from '../../parts/link.tsx'
import { Rows } from '../../parts/list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { State } from '../../parts/state.tsx'
import { reselling } from '../../words/reselling.ts'

const words = reselling.use

type Limits = { single_use: boolean; expires_on: string | null; used: boolean; over: boolean }

/** What can still be made of an authorization, in words. */
function remains({ single_use, expires_on, used, over }: Limits): string {
  if (single_use && used) return words.usedUp
  if (over) return words.over
  if (expires_on === null) return words.endless
  if (single_use) return words.once(expires_on)
  return words.until(expires_on)
}

type Props = {
  id: string
  single_use: boolean
  /** null: without end. */
  expires_on: string | null
  /** Taken back, declined, or past its last day. */
  over: boolean
  /** The reseller sees its own offers; the vendor sees what buyers accepted. */
  mine: boolean
}

/** What was made of an authorization, who accepted it, and what remains of it. */
export function UseOf({ id, mine, ...limits }: Props) {
  const query = { authorization_id: id, limit: 50 }
  const agreements = api.useQuery('get', '/v1/agreements', { params: { query } })
  const offers = api.useQuery('get', '/v1/offers', { params: { query } }, { enabled: mine })
  const accepted = agreements.data?.items ?? []
  const made = offers.data?.items ?? []
  const used = accepted.length > 0 || made.some(({ state }) => state !== 'failed')
  const error = agreements.error ?? offers.error
  return (
    <Card title={words.title}>
      <ProblemAlert error={error} retry={() => Promise.all([agreements.refetch(), offers.refetch()])} />
      <Text>{remains({ ...limits, used })}</Text>
      {mine && made.length > 0 && (
        <Rows
          title={words.offers}
          rows={made}
          id={(one) => one.id}
          columns={[
            { header: words.offer, cell: (one) => <GoTo to={`/offers/${one.id}`}>{one.name}</GoTo> },
            { header: words.state, cell: ({ state }) => <State is={state} /> },
            { header: words.buyer, cell: (one) => one.buyer_account_ids.join(', ') || words.anyBuyer },
            { header: words.made, cell: ({ created_at }) => <Moment at={created_at} /> },
          ]}
        />
      )}
      {accepted.length === 0 ? (
        <Text c="dimmed">{mine ? words.noneMine : words.none}</Text>
      ) : (
        <Rows
          title={words.agreements}
          rows={accepted}
          id={(one) => one.id}
          columns={[
            {
              header: words.buyer,
              cell: (one) => (
                <GoTo to={`/agreements/${one.id}`}>{one.buyer_name ?? one.buyer_account_id}</GoTo>
              ),
            },
            { header: words.state, cell: ({ state }) => <State is={state} /> },
            { header: words.theirOffer, cell: (one) => one.cloud_offer_id ?? words.unknown },
            { header: words.accepted, cell: ({ accepted_at }) => <Moment at={accepted_at} /> },
          ]}
        />
      )}
    </Card>
  )
}
