import { Alert, Button, Group } from '@mantine/core'
import { useParams } from 'wouter'
import type { Schemas } from '../../../client/index.ts'
import { api, chooseOrganisation, client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { CloudProblems } from '../../parts/cloud-problems.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { ConnectionName } from '../../parts/connections.tsx'
import { Facts } from '../../parts/facts.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { State } from '../../parts/state.tsx'
import { TermsView } from '../../parts/terms.tsx'
import { Timeline } from '../../parts/timeline.tsx'
import { ToldOptions } from '../../parts/told-options.tsx'
import { Underway } from '../../parts/underway.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { common } from '../../words/index.ts'
import { reselling } from '../../words/reselling.ts'
import { sandbox } from '../../words/sandbox.ts'
import { usePanel } from '../sandbox/use-panel.ts'
import { LastDay } from './last-day.tsx'
import { UseOf } from './use-of.tsx'

const words = reselling.authorizations
const back = { to: '/resale-authorizations', label: words.title }

/** What a vendor opened to one reseller. */
export default function Authorization() {
  const { id = '' } = useParams<{ id: string }>()
  const { can, now } = useSession()
  const { data, error, refetch } = api.useQuery('get', '/v1/resale-authorizations/{id}', {
    params: { path: { id } },
  })
  const restrict = useWrite(
    (_: null, header) =>
      client.POST('/v1/resale-authorizations/{id}/restrict', { params: { path: { id }, header } }),
    { done: words.restrict.done },
  )
  if (error) {
    return (
      <Page title={common.notFound} back={back}>
        <ProblemAlert error={error} retry={refetch} />
      </Page>
    )
  }
  if (data === undefined) return <Loading />
  const { state } = data
  const stands = state === 'active' || state === 'declined'
  return (
    <Page
      title={data.name}
      back={back}
      actions={
        stands &&
        can('offers.manage') && (
          <Confirm
            label={words.restrict.label}
            title={words.restrict.title}
            help={words.restrict.help}
            verb={words.restrict.verb}
            danger
            run={() => restrict.mutateAsync(null)}
          />
        )
      }
    >
      <Underway subject_id={id} />
      {state === 'active' && <ResellersSeat account_id={data.reseller_account_id} />}
      <CloudProblems of={data.problems} todo={state === 'failed' ? words.one.refused : words.one.notChanged}>
        <GoToButton size="compact-sm" variant="default" to={`/deals/${data.deal_id}`}>
          {words.one.toDeal}
        </GoToButton>
      </CloudProblems>
      {state === 'declined' && <Alert color="yellow">{words.one.declined}</Alert>}
      <Card title={common.details}>
        <Known of={data} />
      </Card>
      {data.cloud_authorization_id !== null && (
        <UseOf
          id={id}
          single_use={data.single_use}
          expires_on={data.expires_on}
          over={state !== 'active' || (data.expires_on !== null && data.expires_on < now.slice(0, 10))}
          mine={false}
        />
      )}
      <Card title={common.terms.wholesale}>
        <TermsView of={data.terms} />
      </Card>
      <ToldOptions of={data.options} on={data.connection_id} kind="authorization" />
      <Timeline events={data.timeline} />
    </Page>
  )
}

function Known({ of }: { of: Schemas['ResaleAuthorization'] }) {
  const { markup_min_percent, markup_max_percent, reseller_organisation_id } = of
  return (
    <Facts
      of={[
        [words.columns.state, <State key="state" is={of.state} />],
        [words.columns.reseller, of.reseller_account_id],
        [words.one.seat, reseller_organisation_id === null ? words.one.noSeat : words.one.hasSeat],
        [words.columns.band, words.band(markup_min_percent, markup_max_percent)],
        [words.columns.expires, <LastDay key="day" of={of} />],
        [words.one.use, of.single_use ? words.one.once : words.one.many],
        [words.columns.connection, <ConnectionName key="connection" id={of.connection_id} />],
        [words.one.buyers, of.buyer_account_ids.join(', ') || words.one.anyBuyer],
        [words.one.cloudId, of.cloud_authorization_id ?? words.one.notYet],
        [
          words.one.deal,
          <GoTo key="deal" to={`/deals/${of.deal_id}`}>
            {words.one.toDeal}
          </GoTo>,
        ],
      ]}
    />
  )
}

/** In the sandbox whoever has both seats goes on as the reseller. */
function ResellersSeat({ account_id }: { account_id: string }) {
  const { data } = usePanel()
  const reseller = data?.resellers.find((one) => one.account_id === account_id)
  if (reseller === undefined) return null
  return (
    <Group>
      <Button size="sm" onClick={() => chooseOrganisation(reseller.organisation_id)}>
        {sandbox.seats.take(reseller.name)}
      </Button>
    </Group>
  )
}
