import { Badge } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { cloudText } from '../../parts/connections.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { Rows } from '../../parts/list.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { useSession } from '../../session.tsx'
import { connections as words } from '../../words/connections.ts'

export default function Connections() {
  const { can } = useSession()
  const { data, error, refetch } = api.useQuery('get', '/v1/connections', {})
  const make = can('connections.manage') && <GoToButton to="/connections/new">{words.make}</GoToButton>
  const { columns } = words
  return (
    <Page title={words.title} lead={words.lead} actions={make}>
      {error ? (
        <ProblemAlert error={error} retry={refetch} />
      ) : data === undefined ? (
        <Loading />
      ) : data.items.length === 0 ? (
        <Empty title={words.emptyTitle} help={words.emptyHelp}>
          {make}
        </Empty>
      ) : (
        <Rows
          title={words.title}
          rows={data.items}
          id={({ id }) => id}
          columns={[
            { header: columns.name, cell: ({ id, name }) => <GoTo to={`/connections/${id}`}>{name}</GoTo> },
            { header: columns.cloud, cell: ({ cloud }) => cloudText(cloud) },
            { header: columns.account, cell: ({ account_id }) => account_id },
            { header: columns.result, cell: (row) => <Result of={row} /> },
            { header: columns.tested, cell: ({ tested_at }) => <Moment at={tested_at} /> },
            { header: columns.made, cell: ({ created_at }) => <Moment at={created_at} /> },
          ]}
        />
      )}
    </Page>
  )
}

/** What the last test said; new credentials make it count no more. */
export function Result({ of: { tested_at, test_result } }: { of: Schemas['Connection'] }) {
  const failed = test_result?.filter(({ ok }) => !ok).length ?? 0
  const [color, text] =
    tested_at === null || test_result === null
      ? ['yellow', words.result.untested]
      : failed === 0
        ? ['green', words.result.good]
        : ['red', words.result.bad(failed, test_result.length)]
  return (
    <Badge variant="light" color={color} tt="none" style={{ minWidth: 'max-content' }}>
      {text}
    </Badge>
  )
}
