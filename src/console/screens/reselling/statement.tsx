import { Badge, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'wouter'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { Amount } from '../../parts/amount.tsx'
import { Card } from '../../parts/card.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Rows } from '../../parts/list.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment, monthText } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { useSession } from '../../session.tsx'
import { common } from '../../words/index.ts'
import { reselling } from '../../words/reselling.ts'
import { Recomputation } from './recomputation.tsx'
import { type Recomputed, recompute } from './recompute.ts'

const words = reselling.statements
const back = { to: '/my-statements', label: words.title }

type Shown = Schemas['PartnerStatement']

/** One statement with every line, and with what the reader's own browser makes of it. */
export default function Statement() {
  const { id = '' } = useParams<{ id: string }>()
  const { data, error, refetch } = api.useQuery('get', '/v1/partner-statements/{id}', {
    params: { path: { id } },
  })
  const again = useQuery({
    queryKey: ['recompute', data?.id, data?.digest],
    enabled: data !== undefined,
    queryFn: () => (data === undefined ? null : recompute(data)),
  })
  if (error) {
    return (
      <Page title={common.notFound} back={back}>
        <ProblemAlert error={error} retry={refetch} />
      </Page>
    )
  }
  if (data === undefined) return <Loading />
  const { content, total, digest, created_at } = data
  return (
    <Page title={words.statement(monthText(content.month))} back={back}>
      <Card title={common.details}>
        <Facts
          of={[
            [words.columns.total, <Amount key="total" value={total} strong />],
            [words.columns.month, monthText(content.month)],
            [words.columns.made, <Moment key="made" at={created_at} />],
            [words.vendor, <Vendor key="vendor" id={content.organisation_id} />],
            [words.partner, content.partner_id],
            [words.digest, <code key="digest">{digest}</code>],
          ]}
        />
      </Card>
      <Recomputation of={data} found={again.data ?? undefined} />
      <Card title={words.lines}>
        <Lines of={data} found={again.data ?? undefined} />
      </Card>
    </Page>
  )
}

function Lines({ of: { content }, found }: { of: Shown; found: Recomputed | undefined }) {
  const { currency, lines } = content
  const money = (amount: string) => <Amount value={{ currency, amount }} />
  return (
    <Rows
      title={words.lines}
      id={({ line_key }) => line_key}
      rows={lines}
      columns={[
        {
          header: words.line.when,
          cell: ({ occurred_at, late, month }) => (
            <>
              <Moment at={occurred_at} />{' '}
              {late && (
                <Badge variant="light" color="yellow" tt="none" title={words.lateHelp(monthText(month))}>
                  {words.line.late}
                </Badge>
              )}
            </>
          ),
        },
        {
          header: words.line.agreement,
          cell: ({ agreement_id }) => <Text size="sm">{agreement_id}</Text>,
        },
        { header: words.line.basis, right: true, cell: ({ basis }) => money(basis) },
        { header: words.line.percent, right: true, cell: ({ share_percent }) => `${share_percent} %` },
        { header: words.line.unrounded, right: true, cell: ({ unrounded }) => money(unrounded) },
        { header: words.line.rounded, right: true, cell: ({ rounded }) => money(rounded) },
        {
          header: words.line.agrees,
          cell: ({ line_key }) => <Verdict of={found?.lines.get(line_key)} currency={currency} />,
        },
      ]}
    />
  )
}

/** A vendor by its name, which this reseller knows from what was opened to it; else by its id. */
function Vendor({ id }: { id: string }) {
  const { can } = useSession()
  const query = { standing: 'all' as const, sort: '-created_at' as const, limit: 200 }
  const { data } = api.useQuery(
    'get',
    '/v1/opened-authorizations',
    { params: { query } },
    { enabled: can('offers.read'), staleTime: 60_000 },
  )
  const found = data?.items.find(({ vendor_organisation_id }) => vendor_organisation_id === id)
  return <span>{found?.vendor_name ?? id}</span>
}

type VerdictProps = { of: { rounded: string; agrees: boolean } | undefined; currency: string }

function Verdict({ of, currency }: VerdictProps) {
  if (of === undefined) return <span>{common.none}</span>
  if (of.agrees) {
    return (
      <Badge variant="light" color="green" tt="none">
        {common.yes}
      </Badge>
    )
  }
  return (
    <>
      <Badge variant="light" color="red" tt="none">
        {common.no}
      </Badge>{' '}
      <Amount value={{ currency, amount: of.rounded }} />
    </>
  )
}
