import { useParams } from 'wouter'
import type { Schemas } from '../../../client/index.ts'
import { api, client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { CloudProblems } from '../../parts/cloud-problems.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { ConnectionName } from '../../parts/connections.tsx'
import { Facts } from '../../parts/facts.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Day } from '../../parts/moment.tsx'
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
import { offers as words } from '../../words/offers.ts'
import { useMayPlay } from '../sandbox/use-panel.ts'
import { MoveLastDay } from './move-last-day.tsx'

type Shown = Schemas['Offer']

export default function Offer() {
  const { id = '' } = useParams<{ id: string }>()
  const { can, organisation } = useSession()
  const { data, error, refetch } = api.useQuery('get', '/v1/offers/{id}', { params: { path: { id } } })
  const mayPlay = useMayPlay()
  const mine = organisation.kind === 'reseller'
  const back = { to: '/offers', label: mine ? words.mine : words.title }
  if (error) {
    return (
      <Page title={common.notFound} back={back}>
        <ProblemAlert error={error} retry={refetch} />
      </Page>
    )
  }
  if (data === undefined) return <Loading />
  const { state, terms, wholesale, problems, timeline, deal_id, authorization_id } = data
  return (
    <Page
      title={data.name}
      back={back}
      actions={
        state === 'live' && (
          <>
            {mayPlay && <GoToButton to="/sandbox">{words.one.actAsBuyer}</GoToButton>}
            {can('offers.manage') && <Actions of={data} />}
          </>
        )
      }
    >
      <Underway subject_id={id} />
      <CloudProblems of={problems} todo={state === 'failed' ? words.one.refused : words.one.notChanged}>
        {deal_id !== null && !mine && (
          <GoToButton size="compact-sm" variant="default" to={`/deals/${deal_id}`}>
            {words.one.toDeal}
          </GoToButton>
        )}
        {authorization_id !== null && mine && (
          <GoToButton size="compact-sm" variant="default" to={`/opened/${authorization_id}`}>
            {words.one.toOpened}
          </GoToButton>
        )}
      </CloudProblems>
      <Card title={common.details}>
        <Known of={data} />
      </Card>
      <Card title={wholesale === null ? common.terms.title : words.one.resale}>
        <TermsView of={terms} />
      </Card>
      {wholesale !== null && (
        <Card title={words.one.wholesale}>
          <TermsView of={wholesale} name={words.one.wholesale} />
        </Card>
      )}
      <ToldOptions
        of={data.options}
        on={data.connection_id}
        kind={authorization_id === null ? 'offer' : 'reseller_offer'}
      />
      <Timeline events={timeline} />
    </Page>
  )
}

function Actions({ of: { id, expires_on } }: { of: Shown }) {
  const send = (day: string | null, header: { 'idempotency-key': string }) =>
    client.POST('/v1/offers/{id}/expiry', { params: { path: { id }, header }, body: { expires_on: day } })
  const withdraw = useWrite((_: null, header) => send(null, header), { done: words.withdraw.done })
  const move = useWrite(send, { done: words.move.done })
  return (
    <>
      <MoveLastDay {...{ expires_on, move }} />
      <Confirm
        label={words.withdraw.label}
        title={words.withdraw.title}
        help={words.withdraw.help}
        verb={words.withdraw.verb}
        danger
        run={() => withdraw.mutateAsync(null)}
      />
    </>
  )
}

function Known({ of: offer }: { of: Shown }) {
  const { id, deal_id, authorization_id, buyer_account_ids, cloud_offer_id, markup_percent } = offer
  const { data } = api.useQuery('get', '/v1/agreements', { params: { query: { offer_id: id, limit: 5 } } })
  const agreements = data?.items ?? []
  return (
    <Facts
      of={[
        [words.columns.state, <State key="state" is={offer.state} />],
        [words.columns.channel, words.channels[offer.channel]],
        [words.columns.connection, <ConnectionName key="connection" id={offer.connection_id} />],
        [words.columns.expires, <Day key="day" on={offer.expires_on} />],
        [words.one.buyers, buyer_account_ids.join(', ') || common.none],
        [words.one.cloudId, cloud_offer_id ?? words.one.notYet],
        [words.one.markup, markup_percent === null ? undefined : words.one.percent(markup_percent)],
        [
          words.one.deal,
          deal_id === null ? undefined : (
            <GoTo key="deal" to={`/deals/${deal_id}`}>
              {words.one.toDeal}
            </GoTo>
          ),
        ],
        [
          words.one.set,
          offer.offer_set_id === null ? undefined : (
            <GoTo key="set" to={`/offer-sets/${offer.offer_set_id}`}>
              {words.one.toSet}
            </GoTo>
          ),
        ],
        [
          words.one.replaces,
          offer.replaces_agreement_id === null ? undefined : (
            <GoTo key="replaces" to={`/agreements/${offer.replaces_agreement_id}`}>
              {words.one.toReplaced}
            </GoTo>
          ),
        ],
        [
          words.one.opened,
          authorization_id === null ? undefined : (
            <GoTo key="opened" to={`/opened/${authorization_id}`}>
              {words.one.toOpened}
            </GoTo>
          ),
        ],
        [
          words.one.agreement,
          agreements.length === 0
            ? words.one.none
            : agreements.map((one) => (
                <GoTo key={one.id} to={`/agreements/${one.id}`}>
                  {one.cloud_agreement_id}{' '}
                </GoTo>
              )),
        ],
      ]}
    />
  )
}
