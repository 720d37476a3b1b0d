import { Text } from '@mantine/core'
import { useParams } from 'wouter'
import type { Schemas } from '../../../client/index.ts'
import { decimal, formatDecimal, isNegative, isZero, negate, subtract } from '../../../core/decimal.ts'
import { api } from '../../api.ts'
import { Amount, moneyText } from '../../parts/amount.tsx'
import { Card } from '../../parts/card.tsx'
import { Chart } from '../../parts/chart.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Facts } from '../../parts/facts.tsx'
import { GoTo } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Day } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { Thing } from '../../parts/thing.tsx'
import { commitments } from '../../words/commitments.ts'
import { common } from '../../words/index.ts'
import { bases } from '../../words/money.ts'
import { accountPlace } from './account-link.tsx'
import { toWhom } from './commitments.tsx'

const words = commitments.one
const back = { to: '/commitments', label: commitments.title }

type Shown = Schemas['CommitmentWithBalance']

/** One promise: where it stands, how it burns down, and by which sales. */
export default function Commitment() {
  const { id = '' } = useParams<{ id: string }>()
  const { data, error, refetch } = api.useQuery('get', '/v1/commitments/{id}', {
    params: { path: { id }, query: { limit: 1 } },
  })
  if (error) {
    return (
      <Page title={common.notFound} back={back}>
        <ProblemAlert error={error} retry={refetch} />
      </Page>
    )
  }
  if (data === undefined) return <Loading />
  const { balance } = data
  return (
    <Page title={data.name} back={back}>
      <Card title={words.figures}>
        <Facts
          of={[
            [words.promised, <Figure key="p" of={balance.promised} />],
            [words.drawn, <Figure key="d" of={balance.drawn} />],
            [words.remaining, <Figure key="r" of={balance.remaining} />],
            [words.drawable, <Figure key="a" of={balance.drawable} />],
            [words.invoiced, <Figure key="i" of={balance.invoiced} />],
            [words.eligible, <Figure key="e" of={balance.eligible_invoiced} />],
          ]}
        />
      </Card>
      <BurnDown of={data} />
      <Card title={words.terms}>
        <Facts
          of={[
            [words.kind, toWhom(data)],
            [words.buyer, data.buyer_account_id],
            [
              words.span,
              <span key="span">
                <Day on={data.starts_on} /> {words.until} <Day on={data.ends_on} />
              </span>,
            ],
            [words.eligiblePercent, words.percent(data.eligible_percent)],
            [words.cap, words.percent(data.cap_percent)],
            [words.source, data.source],
            [
              words.inBooks,
              <GoTo key="books" to={accountPlace(`commitment:remaining:${id}`)}>
                {common.open}
              </GoTo>,
            ],
          ]}
        />
      </Card>
      <Drawdowns id={id} />
    </Page>
  )
}

/** An amount and where it comes from. */
function Figure({ of: { amount, basis } }: { of: Shown['balance']['promised'] }) {
  const [name, meaning] = bases[basis] ?? [basis, '']
  return (
    <>
      <Amount value={amount} strong />{' '}
      <Text span size="xs" c="dimmed" title={meaning}>
        {name}
      </Text>
    </>
  )
}

type Money = { currency: string; amount: string }

/** Drawn with numbers, read as exact text. */
const point = (money: Money) => ({ value: Number(money.amount), text: moneyText(money) })

function BurnDown({ of: { name, burn_down, amount } }: { of: Shown }) {
  const chart = commitments.chart
  const last = burn_down.findLast(({ drawable }) => drawable !== null)
  return (
    <Card title={chart.title}>
      <Text size="sm" c="dimmed">
        {chart.help}
      </Text>
      {last?.drawable != null && <Pace drawable={last.drawable} even={last.even} />}
      <Chart
        title={chart.label(name)}
        kind="line"
        x={chart.month}
        unit={amount.currency}
        series={[
          { name: 'drawable', label: chart.drawable, color: 'indigo.6' },
          { name: 'even', label: chart.even, color: 'gray.6' },
        ]}
        rows={burn_down.map((row) => ({
          label: row.month,
          // A month that has not come has no point.
          values: {
            ...(row.drawable === null ? {} : { drawable: point(row.drawable) }),
            even: point(row.even),
          },
        }))}
      />
    </Card>
  )
}

/** Whether more or less was drawn than if every day drew alike. */
function Pace({ drawable, even }: { drawable: Money; even: Money }) {
  const { currency } = drawable
  const off = subtract(decimal(drawable.amount), decimal(even.amount))
  if (isZero(off)) return null
  const behind = !isNegative(off)
  const text = moneyText({ currency, amount: formatDecimal(behind ? off : negate(off)) })
  return <Text size="sm">{behind ? commitments.chart.behind(text) : commitments.chart.before(text)}</Text>
}

function Drawdowns({ id }: { id: string }) {
  const { drawdown } = commitments
  return (
    <Card title={words.drawdowns}>
      <List
        path="/v1/commitments/{id}/drawdowns"
        of={{ id }}
        where={{ sort: '-occurred_at' }}
        title={words.drawdowns}
        id={({ line_key }) => line_key}
        empty={<Empty title={words.noDrawdowns} help={words.noDrawdownsHelp} />}
        columns={[
          {
            header: drawdown.when,
            sort: 'occurred_at',
            cell: ({ occurred_at }) => <Day on={occurred_at} />,
          },
          { header: drawdown.agreement, cell: ({ agreement_id }) => <Thing id={agreement_id} /> },
          { header: drawdown.invoiced, right: true, cell: ({ invoiced }) => <Amount value={invoiced} /> },
          { header: drawdown.eligible, right: true, cell: ({ eligible }) => <Amount value={eligible} /> },
          { header: drawdown.drawn, right: true, cell: ({ drawn }) => <Amount value={drawn} strong /> },
        ]}
      />
    </Card>
  )
}
