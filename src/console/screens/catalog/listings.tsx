import { Badge, Group, Text } from '@mantine/core'
import { api } from '../../api.ts'
import { ConnectionName, connectionText, useConnections } from '../../parts/connections.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { catalog } from '../../words/catalog.ts'

const words = catalog.listings
/** Lists show what a cloud has done in the meantime. */
const REFRESH_MS = 15_000

export default function Listings() {
  const { connections } = useConnections()
  const products = api.useQuery('get', '/v1/products', {
    params: { query: { limit: 200, sort: 'name' } },
  })
  const items = products.data?.items ?? []
  return (
    <Page title={words.title} lead={words.lead}>
      <List
        path="/v1/listings"
        title={words.title}
        id={({ id }) => id}
        where={{ sort: '-updated_at' }}
        refresh_ms={REFRESH_MS}
        filters={[
          { name: 'q', label: catalog.find, kind: 'text' },
          {
            name: 'state',
            label: words.columns.state,
            kind: 'choice',
            options: ['publishing', 'live', 'failed'],
          },
          {
            name: 'differs',
            label: words.differs,
            kind: 'choice',
            options: [
              { value: 'true', label: words.differsYes },
              { value: 'false', label: words.differsNo },
            ],
          },
          {
            name: 'product_id',
            label: words.columns.product,
            kind: 'choice',
            options: items.map(({ id, name }) => ({ value: id, label: name })),
          },
          {
            name: 'connection_id',
            label: words.columns.connection,
            kind: 'choice',
            options: connections.map((one) => ({ value: one.id, label: connectionText(one) })),
          },
        ]}
        empty={
          <Empty title={words.emptyTitle} help={words.emptyHelp}>
            <GoToButton to="/products">{words.toProducts}</GoToButton>
          </Empty>
        }
        columns={[
          {
            header: words.columns.product,
            cell: ({ id, product_id }) => (
              <GoTo to={`/listings/${id}`}>
                {items.find((product) => product.id === product_id)?.name ?? product_id}
              </GoTo>
            ),
          },
          {
            header: words.columns.connection,
            cell: ({ connection_id }) => <ConnectionName id={connection_id} short />,
          },
          {
            header: words.columns.state,
            cell: ({ state, visibility, differs, held }) => (
              <Group gap={6}>
                <State is={state} />
                {state === 'live' && visibility !== null && (
                  <Text size="sm">{catalog.listing.visibilities[visibility]}</Text>
                )}
                {differs && (
                  <Badge variant="light" tt="none" color={held.length > 0 ? 'red' : 'yellow'}>
                    {held.length > 0 ? words.held : words.differs}
                  </Badge>
                )}
              </Group>
            ),
          },
          {
            header: words.columns.cloudId,
            cell: ({ cloud_product_id }) => cloud_product_id ?? words.noId,
          },
          {
            header: words.columns.changed,
            sort: 'updated_at',
            cell: ({ updated_at }) => <Moment at={updated_at} />,
          },
        ]}
      />
    </Page>
  )
}
