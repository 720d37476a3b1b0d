import { Alert, Group } from '@mantine/core'
import { useParams } from 'wouter'
import type { paths } from '../../../client/index.ts'
import { api, client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { cloudText } from '../../parts/connections.tsx'
import { Facts } from '../../parts/facts.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { State } from '../../parts/state.tsx'
import { TermsView } from '../../parts/terms.tsx'
import { Timeline } from '../../parts/timeline.tsx'
import { ToldOptions } from '../../parts/told-options.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { common } from '../../words/index.ts'
import { reselling } from '../../words/reselling.ts'
import { LastDay } from './last-day.tsx'
import { UseOf } from './use-of.tsx'
import { Worth } from './worth.tsx'

const words = reselling.opened
const back = { to: '/opened', label: words.title }

export type OpenedOne =
  paths['/v1/opened-authorizations/{id}']['get']['responses'][200]['content']['application/json']

/** What one vendor opened: what is owed, what is allowed, what it would be worth, and the answer to it. */
export default function OpenedOneScreen() {
  const { id = '' } = useParams<{ id: string }>()
  const { can } = useSession()
  const { data, error, refetch } = api.useQuery('get', '/v1/opened-authorizations/{id}', {
    params: { path: { id } },
  })
  const decline = useWrite(
    (reason: string, header) =>
      client.POST('/v1/opened-authorizations/{id}/decline', {
        params: { path: { id }, header },
        body: { reason },
      }),
    { done: reselling.decline.done },
  )
  if (error) {
    return (
      <Page title={common.notFound} back={back}>
        <ProblemAlert error={error} retry={refetch} />
      </Page>
    )
  }
  if (data === undefined) return <Loading />
  const open = data.standing === 'open'
  return (
    <Page
      title={data.name}
      back={back}
      actions={
        open &&
        can('offers.manage') && (
          <Confirm
            label={reselling.decline.label}
            title={reselling.decline.title}
            help={reselling.decline.help}
            reason={reselling.decline.reason}
            verb={reselling.decline.verb}
            danger
            run={(reason) => decline.mutateAsync(reason)}
          />
        )
      }
    >
      <Closed of={data} />
      <Card title={common.details}>
        <Known of={data} />
      </Card>
      <UseOf
        id={id}
        single_use={data.single_use}
        expires_on={data.expires_on}
        over={data.standing !== 'open' && data.standing !== 'used'}
        mine
      />
      <Worth of={data} />
      <Card title={words.one.wholesale}>
        <TermsView of={data.terms} />
      </Card>
      <ToldOptions of={data.options} on={data.cloud} kind="authorization" />
      {data.timeline.length > 0 && <Timeline events={data.timeline} />}
    </Page>
  )
}

/** Why nothing can be answered any more. Nothing as long as it is open. */
function Closed({ of: { standing, offer_id } }: { of: OpenedOne }) {
  if (standing === 'open') return null
  return (
    <Alert role="note" color="gray" title={words.standings[standing]}>
      <Group gap="sm">
        {words.one.closed[standing]}
        {offer_id !== null && (
          <GoToButton size="xs" variant="default" to={`/offers/${offer_id}`}>
            {words.one.toOffer}
          </GoToButton>
        )}
      </Group>
    </Alert>
  )
}

function Known({ of }: { of: OpenedOne }) {
  const { markup_min_percent: low, markup_max_percent: high } = of
  return (
    <Facts
      of={[
        [words.one.vendor, of.vendor_name],
        [words.one.standing, <State key="standing" is={of.standing} />],
        [words.one.expires, <LastDay key="day" of={of} />],
        [words.one.band, reselling.authorizations.band(low, high)],
        [
          words.one.use,
          of.single_use ? reselling.authorizations.one.once : reselling.authorizations.one.many,
        ],
        [words.one.cloud, cloudText(of.cloud)],
        [words.one.account, of.reseller_account_id],
        [words.one.buyers, of.buyer_account_ids.join(', ') || reselling.authorizations.one.anyBuyer],
        [
          words.one.offer,
          of.offer_id === null ? undefined : (
            <GoTo key="offer" to={`/offers/${of.offer_id}`}>
              {words.one.toOffer}
            </GoTo>
          ),
        ],
      ]}
    />
  )
}
