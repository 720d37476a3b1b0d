import { useParams } from 'wouter'
import { api } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Day } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { State } from '../../parts/state.tsx'
import { Timeline } from '../../parts/timeline.tsx'
import { common } from '../../words/index.ts'
import { offers as words } from '../../words/offers.ts'

export default function Offer() {
  const { id = '' } = useParams<{ id: string }>()
  const { data, error, refetch } = api.useQuery('get', '/v1/offers/{id}', { params: { path: { id } } })
  const back = { to: '/offers', label: words.title }
  if (error) {
    return (
      <Page title={common.notFound} back={back}>
        <ProblemAlert error={error} retry={refetch} />
      </Page>
    )
  }
  if (data === undefined) return <Loading />
  return (
    <Page title={data.name} back={back}>
      <Card title={common.details}>
        <Facts
          of={[
            [words.columns.state, <State key="state" is={data.state} />],
            [words.columns.channel, words.channels[data.channel]],
            [words.columns.expires, <Day key="day" on={data.expires_on} />],
          ]}
        />
      </Card>
      <Timeline events={data.timeline} />
    </Page>
  )
}
