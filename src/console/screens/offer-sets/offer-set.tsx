import { Alert, Stack, Text } from '@mantine/core'
import { useParams } from 'wouter'
import type { Answer } from '../../api.ts'
import { api, client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { CloudProblems, ProblemList } from '../../parts/cloud-problems.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { ConnectionName, useConnections } from '../../parts/connections.tsx'
import { Facts } from '../../parts/facts.tsx'
import { LetHourPass } from '../../parts/let-hour-pass.tsx'
import { GoTo } from '../../parts/link.tsx'
import { Rows } from '../../parts/list.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Day } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { State } from '../../parts/state.tsx'
import { Timeline } from '../../parts/timeline.tsx'
import { Underway } from '../../parts/underway.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { common } from '../../words/index.ts'
import { offerSets as words } from '../../words/offer-sets.ts'
import { MoveLastDay } from '../offers/move-last-day.tsx'
import { offerColumns } from '../offers/offer-columns.tsx'
import { AddOffer } from './add-offer.tsx'

type Shown = Answer<'/v1/offer-sets/{id}'>

/** How often a set that is on its way is asked after. */
const ASK_MS = 3_000
const back = { to: '/offer-sets', label: words.title }

export default function OfferSet() {
  const { id = '' } = useParams<{ id: string }>()
  const { can } = useSession()
  const { data, error, refetch } = api.useQuery(
    'get',
    '/v1/offer-sets/{id}',
    { params: { path: { id } } },
    { refetchInterval: (query) => (query.state.data?.state === 'publishing' ? ASK_MS : false) },
  )
  if (error) {
    return (
      <Page title={common.notFound} back={back}>
        <ProblemAlert error={error} retry={refetch} />
      </Page>
    )
  }
  if (data === undefined) return <Loading />
  const { state, offers, problems, timeline } = data
  return (
    <Page title={data.name} back={back} actions={can('offers.manage') && <Actions of={data} />}>
      <Underway subject_id={id} clock={state !== 'publishing'} />
      {state === 'publishing' && (
        <Alert role="status" color="blue" title={words.one.onItsWay}>
          <Text size="sm">{words.one.onItsWayHelp}</Text>
          <LetHourPass quiet />
        </Alert>
      )}
      {state === 'incomplete' && (
        <Alert color="yellow" title={words.one.incomplete}>
          <Stack gap="xs">
            <Text size="sm">{words.one.incompleteHelp}</Text>
            {offers
              .filter((offer) => offer.state === 'failed')
              .map((offer) => (
                <div key={offer.id}>
                  <GoTo to={`/offers/${offer.id}`} size="sm" c="inherit" underline="always">
                    {offer.name}
                  </GoTo>
                  <ProblemList of={offer.problems} />
                </div>
              ))}
          </Stack>
        </Alert>
      )}
      <CloudProblems of={problems} />
      <Card title={common.details}>
        <Facts
          of={[
            [words.columns.state, <State key="state" is={state} />],
            [words.columns.connection, <ConnectionName key="connection" id={data.connection_id} />],
            [words.columns.expires, <Day key="day" on={data.expires_on} />],
            [words.one.notes, data.buyer_notes],
            [words.one.cloudId, data.cloud_offer_set_id ?? words.one.notYet],
          ]}
        />
      </Card>
      <Card title={words.one.offers}>
        <Rows title={words.one.offers} rows={offers} id={(offer) => offer.id} columns={columns} />
      </Card>
      <Timeline events={timeline} />
    </Page>
  )
}

/** All of them stand on the account that the set names. */
const columns = offerColumns.filter((_, index) => index !== 3).map(({ sort: _, ...column }) => column)

function Actions({ of: { id, connection_id, state, offers, expires_on } }: { of: Shown }) {
  const { connections } = useConnections()
  const cloud = connections.find((one) => one.id === connection_id)?.cloud
  const release = useWrite(
    (_: null, header) => client.POST('/v1/offer-sets/{id}/release', { params: { path: { id }, header } }),
    { done: words.release.done },
  )
  const send = (day: string | null, header: { 'idempotency-key': string }) =>
    client.POST('/v1/offer-sets/{id}/expiry', { params: { path: { id }, header }, body: { expires_on: day } })
  const withdraw = useWrite((_: null, header) => send(null, header), { done: words.withdraw.done })
  const move = useWrite(send, { done: words.move.done })
  const ready = offers.filter((offer) => offer.state === 'live' || offer.state === 'accepted')
  const stands =
    offers.some((offer) => offer.state === 'live') && state !== 'publishing' && state !== 'failed'
  return (
    <>
      {state === 'incomplete' && (
        <>
          <AddOffer id={id} cloud={cloud} />
          {ready.length > 1 && (
            <Confirm
              label={words.release.label}
              title={words.release.title}
              help={words.release.help(ready.length)}
              verb={words.release.verb}
              run={() => release.mutateAsync(null)}
            />
          )}
        </>
      )}
      {stands && <MoveLastDay {...{ expires_on, move }} />}
      {(stands || state === 'incomplete') && (
        <Confirm
          label={words.withdraw.label}
          title={words.withdraw.title}
          help={words.withdraw.help}
          verb={words.withdraw.verb}
          danger
          run={() => withdraw.mutateAsync(null)}
        />
      )}
    </>
  )
}
