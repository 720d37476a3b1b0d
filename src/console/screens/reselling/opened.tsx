import { Alert, Stack, Text } from '@mantine/core'
import { useSearchParams } from 'wouter'
import { clouds, cloudText } from '../../parts/connections.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Page } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { Price } from '../../parts/terms.tsx'
import { reselling } from '../../words/reselling.ts'
import { LastDay } from './last-day.tsx'

const words = reselling.opened
const STANDINGS = ['used', 'expired', 'declined', 'taken_back', 'all'] as const

/** What vendors opened to this reseller; first of all what it can still accept. */
export default function Opened() {
  const [parameters] = useSearchParams()
  const replaces = parameters.get('replaces')
  const carried = replaces === null ? '' : `?replaces=${encodeURIComponent(replaces)}`
  return (
    <Page title={words.title} lead={words.lead}>
      {replaces !== null && (
        <Alert role="note" color="blue" title={reselling.replacing.title}>
          <Stack gap="xs" align="flex-start">
            <Text size="sm">{reselling.replacing.help}</Text>
            <GoTo to={`/agreements/${replaces}`}>{reselling.replacing.back}</GoTo>
          </Stack>
        </Alert>
      )}
      <List
        path="/v1/opened-authorizations"
        title={words.title}
        id={({ id }) => id}
        where={{ sort: '-created_at', standing: 'open' }}
        filters={[
          { name: 'q', label: words.find, kind: 'text' },
          {
            name: 'standing',
            label: words.standing,
            kind: 'choice',
            none: words.standings.open,
            options: STANDINGS.map((value) => ({ value, label: words.standings[value] })),
          },
          {
            name: 'cloud',
            label: words.cloud,
            kind: 'choice',
            options: clouds.map((value) => ({ value, label: cloudText(value) })),
          },
        ]}
        {...(replaces === null
          ? {}
          : {
              unfit: <Empty title={reselling.replacing.emptyTitle} help={reselling.replacing.emptyHelp} />,
            })}
        empty={
          <Empty title={words.emptyTitle} help={words.emptyHelp}>
            <GoToButton to="/opened?standing=all" variant="default">
              {words.seeAll}
            </GoToButton>
            <GoTo to="/connections">{words.connect}</GoTo>
          </Empty>
        }
        columns={[
          {
            header: words.columns.name,
            sort: 'name',
            cell: ({ id, name }) => <GoTo to={`/opened/${id}${carried}`}>{name}</GoTo>,
          },
          { header: words.columns.vendor, cell: ({ vendor_name }) => vendor_name },
          { header: words.columns.cloud, cell: ({ cloud }) => cloudText(cloud) },
          { header: words.columns.standing, cell: ({ standing }) => <State is={standing} /> },
          { header: words.columns.wholesale, right: true, cell: ({ terms }) => <Price of={terms} /> },
          {
            header: words.columns.band,
            cell: ({ markup_min_percent: low, markup_max_percent: high }) =>
              reselling.authorizations.band(low, high),
          },
          {
            header: words.columns.expires,
            sort: 'expires_on',
            cell: (one) => <LastDay of={one} />,
          },
        ]}
      />
    </Page>
  )
}
