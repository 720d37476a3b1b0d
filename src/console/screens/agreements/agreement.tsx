import { Group, Text } from '@mantine/core'
import { useParams } from 'wouter'
import type { Schemas } from '../../../client/index.ts'
import { api, client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { useCloud } from '../../parts/cloud-options.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { ConnectionName, cloudText } from '../../parts/connections.tsx'
import { partyText } from '../../parts/described.tsx'
import { Facts } from '../../parts/facts.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { State } from '../../parts/state.tsx'
import { TermsView } from '../../parts/terms.tsx'
import { Timeline } from '../../parts/timeline.tsx'
import { Told } from '../../parts/told.tsx'
import { Underway } from '../../parts/underway.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { agreements as words } from '../../words/agreements.ts'
import { common } from '../../words/index.ts'
import { Entitlements } from './entitlements.tsx'
import { AgreementMoney } from './money.tsx'
import { RequestsAndInvoices } from './requests.tsx'
import { AgreementUsage } from './usage.tsx'

type Agreement = Schemas['Agreement']

export default function AgreementScreen() {
  const { id = '' } = useParams<{ id: string }>()
  const { can, organisation } = useSession()
  const { data, error, refetch } = api.useQuery('get', '/v1/agreements/{id}', { params: { path: { id } } })
  const back = { to: '/agreements', label: words.title }
  if (error) {
    return (
      <Page title={common.notFound} back={back}>
        <ProblemAlert error={error} retry={refetch} />
      </Page>
    )
  }
  if (data === undefined) return <Loading />
  const { buyer_name, buyer_account_id, product_name, terms, wholesale, role } = data
  const resold = role === 'manufacturer' && organisation.kind === 'vendor'
  return (
    <Page
      title={words.one.title(buyer_name ?? buyer_account_id, product_name)}
      back={back}
      actions={can('offers.manage') && <Actions of={data} vendor={organisation.kind === 'vendor'} />}
    >
      <Underway subject_id={id} />
      <Card title={common.details}>
        <Known of={data} resold={resold} />
      </Card>
      <Card title={resold ? words.one.wholesaleTerms : common.terms.title}>
        <TermsView of={terms} />
      </Card>
      {wholesale !== null && (
        <Card title={words.one.wholesale}>
          <TermsView of={wholesale} name={words.one.wholesale} />
        </Card>
      )}
      {can('usage.read') && <AgreementUsage id={id} />}
      <AgreementMoney id={id} />
      {role === 'seller' ? (
        <RequestsAndInvoices of={data} />
      ) : (
        <Card title={words.requests.title}>
          <Text c="dimmed">{words.requests.notSeller}</Text>
        </Card>
      )}
      <Entitlements of={data.entitlements} />
      <SignUp of={data} told={data.sign_up} mine={organisation.kind === 'vendor'} />
      <Timeline events={data.timeline} />
    </Page>
  )
}

function Actions({ of, vendor }: { of: Agreement; vendor: boolean }) {
  const selling = useCloud(of.cloud)?.selling
  if (of.state === 'pending') return <Activate of={of} />
  const replaceable = of.state === 'active' && of.role === 'seller' && (!vendor || of.product_id !== null)
  if (!replaceable || selling?.replaces !== true) return null
  // A vendor writes a new deal; a reseller offers something else that was opened to it.
  const to = vendor ? `/deals/new?replaces=${of.id}` : `/opened?cloud=${of.cloud}&replaces=${of.id}`
  return (
    <GoToButton variant="default" to={to}>
      {words.one.replace}
    </GoToButton>
  )
}

function Activate({ of: { id, signed_up_at } }: { of: Agreement }) {
  const { activate } = words
  const write = useWrite(
    (_: null, header) => client.POST('/v1/agreements/{id}/activate', { params: { path: { id }, header } }),
    { done: activate.done },
  )
  return (
    <Confirm
      variant="filled"
      label={activate.label}
      title={activate.title}
      help={signed_up_at === null ? activate.helpNotSignedUp : activate.help}
      verb={activate.verb}
      run={() => write.mutateAsync(null)}
    />
  )
}

function Known({ of, resold }: { of: One; resold: boolean }) {
  const { one } = words
  const { buyer, seller, described } = of
  const titles = described?.products.map(({ title }) => title).join(', ')
  return (
    <Facts
      of={[
        [words.columns.state, <State key="state" is={of.state} />],
        [one.cloudState, of.cloud_state],
        [words.columns.cloud, cloudText(of.cloud)],
        [one.connection, <ConnectionName key="connection" id={of.connection_id} />],
        [one.buyer, buyer === null ? undefined : partyText(buyer)],
        [one.account, of.buyer_account_id],
        [
          one.seller,
          seller === null || seller.name === null
            ? of.seller_account_id
            : one.sellerNamed(seller.name, of.seller_account_id),
        ],
        [one.product, linked('/products', of.product_id, of.product_name)],
        [one.listedAs, of.product_name === null && titles ? titles : undefined],
        [one.offerName, described?.offer ?? undefined],
        [one.deal, linked('/deals', of.deal_id)],
        [one.offer, linked('/offers', of.offer_id)],
        [one.authorization, linked('/resale-authorizations', resold ? of.authorization_id : null)],
        [one.replaces, linked('/agreements', of.replaces_agreement_id)],
        [one.cloudId, of.cloud_agreement_id],
        [one.plan, of.plan ?? undefined],
        [one.license, of.license ?? undefined],
        [one.productCode, of.product_code ?? undefined],
        [one.accepted, <Moment key="accepted" at={of.accepted_at} />],
        [one.starts, <Moment key="starts" at={of.starts_at} />],
        [one.ends, <Moment key="ends" at={of.ends_at} />],
        [one.ended, of.ended_at === null ? undefined : <Moment key="ended" at={of.ended_at} />],
      ]}
    />
  )
}

function linked(screen: string, id: string | null, name?: string | null) {
  if (id === null) return undefined
  return (
    <GoTo key={screen} to={`${screen}/${id}`}>
      {name ?? words.one.show}
    </GoTo>
  )
}

type One = Agreement & {
  contact: Schemas['SignUpContact'] | null
  buyer: Schemas['Party'] | null
  seller: Schemas['Party'] | null
  described: Schemas['Described'] | null
}

/** What the buyer told on the sign-up page, until it is forgotten. */
function Contact({ id, of: { name, email, company } }: { id: string; of: Schemas['SignUpContact'] }) {
  const { can } = useSession()
  const { contact } = words
  const write = useWrite(
    (_: null, header) =>
      client.POST('/v1/agreements/{id}/forget-contact', { params: { path: { id }, header } }),
    { done: contact.forgotten },
  )
  return (
    <>
      <Facts
        of={[
          [contact.name, name || common.none],
          [contact.email, email || common.none],
          [contact.company, company || common.none],
        ]}
      />
      {can('offers.manage') && (
        <Group>
          <Confirm
            size="xs"
            label={contact.forget}
            title={contact.title}
            help={contact.help}
            verb={contact.forget}
            danger
            run={() => write.mutateAsync(null)}
          />
        </Group>
      )}
    </>
  )
}

/** `mine`: the product is ours, so its buyers come to our page. */
function SignUp({ of, told, mine }: { of: One; told: unknown; mine: boolean }) {
  const { signed_up_at, state } = of
  const none = mine ? words.signUp.none : words.signUp.atVendor
  return (
    <Card title={words.signUp.title}>
      {signed_up_at === null ? (
        <Text>{state === 'pending' ? `${none} ${words.signUp.waits}` : none}</Text>
      ) : (
        <>
          <Facts of={[[words.signUp.at, <Moment key="at" at={signed_up_at} />]]} />
          <Told title={words.signUp.title} value={told} />
          {of.contact !== null && <Contact id={of.id} of={of.contact} />}
        </>
      )}
    </Card>
  )
}
