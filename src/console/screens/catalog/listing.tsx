import { Box, Group } from '@mantine/core'
import { useParams } from 'wouter'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { Amount } from '../../parts/amount.tsx'
import { Card } from '../../parts/card.tsx'
import { does, useCloud } from '../../parts/cloud-options.tsx'
import { CloudProblems } from '../../parts/cloud-problems.tsx'
import { ConnectionName, cloudText, useConnections } from '../../parts/connections.tsx'
import { Facts } from '../../parts/facts.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { Rows } from '../../parts/list.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { State } from '../../parts/state.tsx'
import { Timeline } from '../../parts/timeline.tsx'
import { Underway } from '../../parts/underway.tsx'
import { useSession } from '../../session.tsx'
import { catalog } from '../../words/catalog.ts'
import { common } from '../../words/index.ts'
import { ListingActions } from './listing-actions.tsx'
import { Differences } from './listing-differences.tsx'

const words = catalog.listing
const back = { to: '/listings', label: catalog.listings.title }

export default function Listing() {
  const { id = '' } = useParams<{ id: string }>()
  const { can } = useSession()
  const { connections } = useConnections()
  const { data, error, refetch } = api.useQuery('get', '/v1/listings/{id}', { params: { path: { id } } })
  const product_id = data?.product_id ?? ''
  const product = api.useQuery(
    'get',
    '/v1/products/{id}',
    { params: { path: { id: product_id } } },
    { enabled: product_id !== '' },
  )
  const connection = connections.find((one) => one.id === data?.connection_id)
  const described = useCloud(connection?.cloud)
  if (error) {
    return (
      <Page title={common.notFound} back={back}>
        <ProblemAlert error={error} retry={refetch} />
      </Page>
    )
  }
  if (data === undefined) return <Loading />
  const name = product.data?.name ?? product_id
  const failed = data.state === 'failed'
  const live = data.state === 'live'
  const moves = live && data.wanted !== null && data.problems.length === 0
  return (
    <Page
      title={connection === undefined ? name : words.title(name, cloudText(connection.cloud))}
      back={back}
      actions={
        can('catalog.manage') && (
          <Group gap="xs">
            {failed && (
              <GoToButton to={`/products/${product_id}/publish?connection=${data.connection_id}`}>
                {catalog.listings.again}
              </GoToButton>
            )}
            {live && <ListingActions of={data} cloud={described} />}
          </Group>
        )
      }
    >
      <Underway subject_id={id} />
      <CloudProblems of={data.problems} todo={failed ? words.refused : live ? words.notChanged : undefined} />
      {((live && does(described, 'compare_listings')) || data.gone || data.held.length > 0) && (
        <Differences of={data} moves={moves} changes={live && does(described, 'change_listings')} />
      )}
      <Card title={common.details}>
        <Facts
          of={[
            [words.state, <State key="state" is={data.state} />],
            [words.visibility, data.visibility === null ? undefined : words.visibilities[data.visibility]],
            [words.seenBy, seenBy(data)],
            [
              words.product,
              <GoTo key="product" to={`/products/${product_id}`}>
                {name}
              </GoTo>,
            ],
            [words.connection, <ConnectionName key="connection" id={data.connection_id} />],
            [words.cloudId, data.cloud_product_id ?? catalog.listings.noId],
            [words.offerId, data.cloud_offer_id ?? undefined],
            [words.code, data.product_code ?? undefined],
            [words.changed, <Moment key="changed" at={data.updated_at} />],
          ]}
        />
      </Card>
      <Card title={words.prices}>
        <Box maw={640}>
          <Prices of={data.prices} />
        </Box>
      </Card>
      <Timeline events={data.timeline} />
    </Page>
  )
}

/** Who sees it while it is limited. */
function seenBy({ visibility, seen_by }: { visibility: string | null; seen_by: string[] | null }) {
  return visibility !== 'limited' || seen_by === null ? undefined : seen_by.join(', ')
}

function Prices({ of }: { of: Schemas['Listing']['prices'] }) {
  const { currency, term_months, entitled = {}, metered = {} } = of
  const rows = [
    ...Object.entries(entitled).map(([key, amount]) => ({ key, amount, per: words.perTerm(term_months) })),
    ...Object.entries(metered).map(([key, amount]) => ({ key, amount, per: words.perUnit })),
  ]
  return (
    <Rows
      title={words.prices}
      id={({ key }) => key}
      rows={rows}
      columns={[
        { header: words.dimension, cell: ({ key }) => key },
        {
          header: words.price,
          right: true,
          cell: ({ amount }) => <Amount value={{ currency, amount }} />,
        },
        { header: words.term, cell: ({ per }) => per },
      ]}
    />
  )
}
