import { Stack, Text } from '@mantine/core'
import { useParams } from 'wouter'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { useClouds } from '../../parts/cloud-options.tsx'
import { cloudText } from '../../parts/connections.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Facts } from '../../parts/facts.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { State } from '../../parts/state.tsx'
import { TermsView } from '../../parts/terms.tsx'
import { useSession } from '../../session.tsx'
import { deals as words } from '../../words/deals.ts'
import { common } from '../../words/index.ts'
import { offerColumns } from '../offers/offer-columns.tsx'
import { authorizationColumns } from '../reselling/authorization-columns.tsx'
import { WhereItCanGo } from './where-it-can-go.tsx'

const back = { to: '/deals', label: words.title }

export default function Deal() {
  const { id = '' } = useParams<{ id: string }>()
  const { can } = useSession()
  const { data, error, refetch } = api.useQuery('get', '/v1/deals/{id}', { params: { path: { id } } })
  const clouds = useClouds()
  // Only clouds on which the buyer can be reached, and an offer that is made anew.
  const bundles =
    data?.replaces_agreement_id === undefined &&
    clouds?.some((one) => one.selling?.offer_sets != null && data?.buyer.accounts[one.cloud] !== undefined)
  if (error) {
    return (
      <Page title={common.notFound} back={back}>
        <ProblemAlert error={error} retry={refetch} />
      </Page>
    )
  }
  if (data === undefined) return <Loading />
  const again = can('offers.manage') && (
    <>
      {bundles && (
        <GoToButton to={`/offer-sets/new?deal=${id}`} variant="default">
          {words.together}
        </GoToButton>
      )}
      <GoToButton to={`/deals/new?from=${id}`} variant="default">
        {words.again}
      </GoToButton>
    </>
  )
  return (
    <Page title={data.name} back={back} actions={again}>
      <Card title={common.details}>
        <Buyer of={data} />
        <Text size="sm" c="dimmed">
          {words.againHelp}
        </Text>
      </Card>
      <WhereItCanGo deal={data} />
      <Card title={common.terms.title}>
        <TermsView of={data.terms} />
      </Card>
      <Made of={id} />
    </Page>
  )
}

function Buyer({
  of: { buyer, product_id, replaces_agreement_id: replaces, created_at },
}: {
  of: Schemas['Deal']
}) {
  const { can } = useSession()
  const product = api.useQuery(
    'get',
    '/v1/products/{id}',
    { params: { path: { id: product_id } } },
    { enabled: can('catalog.read') },
  )
  const contact = [buyer.contact?.name, buyer.contact?.email].filter((one) => one !== undefined).join(', ')
  const accounts = Object.entries(buyer.accounts)
  return (
    <Facts
      of={[
        [words.one.buyer, buyer.name],
        [words.one.contact, contact === '' ? undefined : contact],
        [
          words.one.accounts,
          accounts.length === 0 ? (
            words.one.noAccounts
          ) : (
            <Stack key="accounts" gap={2}>
              {accounts.map(([cloud, ids]) => (
                <Text key={cloud} inherit>
                  {cloudText(cloud)}: {ids.join(', ')}
                </Text>
              ))}
            </Stack>
          ),
        ],
        [
          words.one.product,
          <GoTo key="product" to={`/products/${product_id}`}>
            {product.data?.name ?? (product.error ? product_id : common.coming)}
          </GoTo>,
        ],
        [
          words.one.replaces,
          replaces === undefined ? undefined : (
            <GoTo key="replaces" to={`/agreements/${replaces}`}>
              {words.form.toAgreement}
            </GoTo>
          ),
        ],
        [words.one.written, <Moment key="written" at={created_at} />],
      ]}
    />
  )
}

/** What became of a deal: its offers, whom it was opened to, and who accepted. */
function Made({ of: deal_id }: { of: string }) {
  const where = { deal_id, sort: '-created_at' }
  return (
    <>
      <Card title={words.offers}>
        <List
          path="/v1/offers"
          prefix="offers."
          where={where}
          title={words.offers}
          id={({ id }) => id}
          empty={<Empty title={words.offersEmpty} help={words.offersEmptyHelp} />}
          columns={offerColumns}
        />
      </Card>
      <Card title={words.authorizations}>
        <List
          path="/v1/resale-authorizations"
          prefix="opened."
          where={where}
          title={words.authorizations}
          id={({ id }) => id}
          empty={<Empty title={words.authorizationsEmpty} help={words.authorizationsEmptyHelp} />}
          columns={authorizationColumns}
        />
      </Card>
      <Card title={words.agreements}>
        <List
          path="/v1/agreements"
          prefix="agreements."
          where={{ deal_id }}
          title={words.agreements}
          id={({ id }) => id}
          empty={<Empty title={words.agreementsEmpty} help={words.agreementsEmptyHelp} />}
          columns={[
            {
              header: words.agreement.name,
              cell: ({ id, cloud, cloud_agreement_id }) => (
                <GoTo to={`/agreements/${id}`}>
                  {cloudText(cloud)} {cloud_agreement_id}
                </GoTo>
              ),
            },
            { header: words.agreement.state, cell: ({ state }) => <State is={state} /> },
            { header: words.agreement.role, cell: ({ role }) => words.agreement.roles[role] },
            { header: words.agreement.accepted, cell: ({ accepted_at }) => <Moment at={accepted_at} /> },
          ]}
        />
      </Card>
    </>
  )
}
