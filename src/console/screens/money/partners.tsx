import { Stack } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { Amount, type Money } from '../../parts/amount.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { shortId } from '../../parts/thing.tsx'
import { useSession } from '../../session.tsx'
import { common } from '../../words/index.ts'
import { partners as words } from '../../words/partners.ts'

type Partner = Schemas['PartnerWithPayable']

export default function Partners() {
  const { can } = useSession()
  const write = can('payouts.manage') ? (
    <GoToButton to="/partners/new">{words.write.button}</GoToButton>
  ) : undefined
  return (
    <Page title={words.title} lead={words.lead} actions={write}>
      <List
        path="/v1/partners"
        where={{ sort: 'name' }}
        title={words.title}
        id={({ id }) => id}
        filters={[{ name: 'q', label: words.find, kind: 'text' }]}
        empty={
          <Empty title={words.emptyTitle} help={words.emptyHelp}>
            {write}
          </Empty>
        }
        columns={[
          {
            header: words.columns.name,
            sort: 'name',
            cell: ({ id, name }) => <GoTo to={`/partners/${id}`}>{name}</GoTo>,
          },
          { header: words.columns.account, cell: (partner) => whoIs(partner) },
          {
            header: words.columns.share,
            right: true,
            cell: ({ share_percent }) => words.percent(share_percent),
          },
          {
            header: words.columns.owed,
            right: true,
            cell: ({ owed }) => <Amounts of={owed.map(({ payable }) => payable)} />,
          },
          {
            header: words.columns.unstated,
            right: true,
            cell: ({ owed }) => <Amounts of={owed.map(({ unstated }) => unstated)} />,
          },
          {
            header: words.columns.since,
            sort: 'created_at',
            cell: ({ created_at }) => <Moment at={created_at} />,
          },
        ]}
      />
    </Page>
  )
}

/** Which reseller a partner is: its account on a cloud, else its organisation here. */
export const whoIs = ({ reseller_account_id, reseller_organisation_id }: Partner) =>
  reseller_account_id ?? (reseller_organisation_id === null ? common.none : shortId(reseller_organisation_id))

/** Amounts of several currencies, one below the other. */
function Amounts({ of }: { of: readonly Money[] }) {
  if (of.length === 0) return <span>{words.nothing}</span>
  return (
    <Stack gap={0} align="flex-end">
      {of.map((value) => (
        <Amount key={value.currency} value={value} />
      ))}
    </Stack>
  )
}
