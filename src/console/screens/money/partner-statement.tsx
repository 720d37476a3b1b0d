import { useQuery } from '@tanstack/react-query'
import { useParams } from 'wouter'
import { api } from '../../api.ts'
import { Amount } from '../../parts/amount.tsx'
import { Card } from '../../parts/card.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { Thing } from '../../parts/thing.tsx'
import { common } from '../../words/index.ts'
import { partnerStatements as words } from '../../words/partners.ts'
import { reselling } from '../../words/reselling.ts'
import { Recomputation } from '../reselling/recomputation.tsx'
import { recompute } from '../reselling/recompute.ts'
import { ShareLines } from '../reselling/share-lines.tsx'

const back = { to: '/partner-statements', label: words.title }

/** One statement as it was given: each share's arithmetic, and whether the reader's own browser agrees. */
export default function PartnerStatement() {
  const { id = '' } = useParams<{ id: string }>()
  const { data, error, refetch } = api.useQuery('get', '/v1/partner-statements/{id}', {
    params: { path: { id } },
  })
  const partner_id = data?.content.partner_id ?? ''
  const partner = api.useQuery(
    'get',
    '/v1/partners/{id}',
    { params: { path: { id: partner_id } } },
    { enabled: data !== undefined },
  )
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
  const { content, total, digest, created_at, late_lines } = data
  return (
    <Page title={words.statement(content.month)} back={back}>
      <Card title={common.details}>
        <Facts
          of={[
            [words.columns.total, <Amount key="total" value={total} strong />],
            [
              words.partner,
              <Thing key="partner" id={partner_id}>
                {partner.data?.name}
              </Thing>,
            ],
            [words.columns.made, <Moment key="made" at={created_at} />],
            [words.columns.lines, content.lines.length.toLocaleString('en')],
            [words.columns.late, late_lines.toLocaleString('en')],
            [reselling.statements.digest, <code key="digest">{digest}</code>],
          ]}
        />
      </Card>
      <Recomputation of={data} found={again.data ?? undefined} />
      <Card title={reselling.statements.lines}>
        <ShareLines of={data} found={again.data ?? undefined} share={words.share} />
      </Card>
    </Page>
  )
}
