import { Badge, Group, Text } from '@mantine/core'
import { cloudText, useConnections } from '../../parts/connections.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { stateText, stateTone } from '../../parts/state.tsx'
import { useSession } from '../../session.tsx'
import { catalog as words } from '../../words/catalog.ts'
import { useListings } from './use-listings.ts'

export default function Products() {
  const { can } = useSession()
  const describe = can('catalog.manage') && <GoToButton to="/products/new">{words.describe}</GoToButton>
  return (
    <Page title={words.title} lead={words.lead} actions={describe}>
      <List
        path="/v1/products"
        title={words.title}
        id={({ id }) => id}
        where={{ sort: '-created_at' }}
        filters={[{ name: 'q', label: words.find, kind: 'text' }]}
        empty={
          <Empty title={words.emptyTitle} help={words.emptyHelp}>
            {describe}
          </Empty>
        }
        columns={[
          {
            header: words.columns.name,
            sort: 'name',
            cell: ({ id, name }) => <GoTo to={`/products/${id}`}>{name}</GoTo>,
          },
          { header: words.columns.listings, cell: ({ id }) => <Listed product_id={id} /> },
          {
            header: words.columns.dimensions,
            cell: ({ dimensions }) => words.counted(dimensions.length),
          },
          {
            header: words.columns.created,
            sort: 'created_at',
            cell: ({ created_at }) => <Moment at={created_at} />,
          },
        ]}
      />
    </Page>
  )
}

/** On which clouds a product is, and how it stands there. */
function Listed({ product_id }: { product_id: string }) {
  const listings = useListings(product_id)
  const { connections } = useConnections()
  if (listings === undefined) return null
  if (listings.length === 0) return <Text size="sm">{words.notListed}</Text>
  return (
    <Group gap={6}>
      {listings.map(({ id, connection_id, state }) => {
        const cloud = connections.find((one) => one.id === connection_id)?.cloud ?? connection_id
        return (
          <Badge key={id} variant="light" tt="none" color={stateTone(state)}>
            {cloudText(cloud)}: {stateText(state)}
          </Badge>
        )
      })}
    </Group>
  )
}
