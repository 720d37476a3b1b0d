import { List as Bullets, Group, Paper, Stack, Text } from '@mantine/core'
import { useParams } from 'wouter'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { CloudProblems } from '../../parts/cloud-problems.tsx'
import { connectionText, useConnections } from '../../parts/connections.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Facts } from '../../parts/facts.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { Rows } from '../../parts/list.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { State } from '../../parts/state.tsx'
import { useSession } from '../../session.tsx'
import { catalog as words } from '../../words/catalog.ts'
import { deals } from '../../words/deals.ts'
import { common } from '../../words/index.ts'
import { AddDimension } from './add-dimension.tsx'
import { useListings } from './use-listings.ts'

type Shown = Schemas['Product']
const back = { to: '/products', label: words.title }

export default function Product() {
  const { id = '' } = useParams<{ id: string }>()
  const { can } = useSession()
  const { data, error, refetch } = api.useQuery('get', '/v1/products/{id}', { params: { path: { id } } })
  if (error) {
    return (
      <Page title={common.notFound} back={back}>
        <ProblemAlert error={error} retry={refetch} />
      </Page>
    )
  }
  if (data === undefined) return <Loading />
  const write = can('offers.manage') && <GoToButton to={`/deals/new?product=${id}`}>{deals.write}</GoToButton>
  return (
    <Page title={data.name} lead={data.short_description} back={back} actions={write}>
      <OnClouds product_id={id} />
      <Card title={words.one.dimensions}>
        <Dimensions of={data.dimensions} />
        {can('catalog.manage') && <AddDimension product_id={id} />}
      </Card>
      <Card title={common.details}>
        <Details of={data} />
        <Text size="sm" c="dimmed">
          {words.one.fixed}
        </Text>
      </Card>
    </Page>
  )
}

/** How the product stands on each connected account, and the way there. */
function OnClouds({ product_id }: { product_id: string }) {
  const { can } = useSession()
  const listings = useListings(product_id)
  const { connections, loaded } = useConnections()
  if (listings === undefined || !loaded) return <Loading />
  return (
    <Card title={words.listings.of}>
      {connections.length === 0 && (
        <Empty title={deals.check.noConnections} help={words.emptyHelp}>
          <GoToButton to="/connections">{deals.check.connect}</GoToButton>
        </Empty>
      )}
      {connections.map((connection) => {
        const listing = listings.find(({ connection_id }) => connection_id === connection.id)
        const free = listing === undefined || listing.state === 'failed'
        return (
          <Paper key={connection.id} withBorder p="sm">
            <Stack gap="xs">
              <Group justify="space-between" gap="xs">
                <Group gap="xs">
                  <Text fw={600}>{connectionText(connection)}</Text>
                  {listing === undefined ? (
                    <Text size="sm" c="dimmed">
                      {words.listings.notListed}
                    </Text>
                  ) : (
                    <State is={listing.state} />
                  )}
                  {listing !== undefined && (
                    <GoTo to={`/listings/${listing.id}`}>
                      {listing.cloud_product_id ?? words.listings.columns.listing}
                    </GoTo>
                  )}
                </Group>
                {free && can('catalog.manage') && (
                  <GoToButton size="xs" to={`/products/${product_id}/publish?connection=${connection.id}`}>
                    {listing === undefined ? words.listings.publish : words.listings.again}
                  </GoToButton>
                )}
              </Group>
              {listing !== undefined && <CloudProblems of={listing.problems} />}
            </Stack>
          </Paper>
        )
      })}
    </Card>
  )
}

function Dimensions({ of }: { of: Shown['dimensions'] }) {
  const columns = words.dimension
  return (
    <Rows
      title={words.one.dimensions}
      id={({ key }) => key}
      rows={of}
      columns={[
        { header: columns.key, cell: ({ key }) => <span className="amount">{key}</span> },
        { header: columns.name, cell: ({ name }) => name },
        { header: columns.unit, cell: ({ unit }) => unit },
        { header: columns.kind, cell: ({ kind }) => columns.kinds[kind] },
        {
          header: columns.aggregation,
          cell: ({ kind, aggregation }) =>
            kind === 'metered' ? columns.aggregations[aggregation ?? 'sum'] : common.none,
        },
        {
          header: columns.multiplier,
          right: true,
          cell: ({ kind, multiplier }) => (kind === 'metered' ? multiplier : common.none),
        },
        { header: columns.description, cell: ({ description }) => description },
      ]}
    />
  )
}

function Details({ of: { long_description, details, created_at } }: { of: Shown }) {
  const { highlights, keywords = [], categories, logo_url, support, refund_policy } = details
  return (
    <Facts
      cols={2}
      of={[
        [words.one.long, long_description],
        [
          words.one.highlights,
          <Bullets key="highlights">
            {highlights.map((one) => (
              <Bullets.Item key={one}>{one}</Bullets.Item>
            ))}
          </Bullets>,
        ],
        [words.one.categories, categories.join(', ')],
        [words.one.keywords, keywords.length === 0 ? undefined : keywords.join(', ')],
        [words.one.support, support],
        [words.one.refunds, refund_policy],
        [words.one.logo, logo_url],
        [words.one.created, <Moment key="created" at={created_at} />],
      ]}
    />
  )
}
