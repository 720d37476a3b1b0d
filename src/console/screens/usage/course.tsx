import { Group, NativeSelect, TextInput } from '@mantine/core'
import { useSearchParams } from 'wouter'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { grouped } from '../../parts/amount.tsx'
import { Card } from '../../parts/card.tsx'
import { Chart } from '../../parts/chart.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoToButton } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { dayText } from '../../parts/moment.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { useSession } from '../../session.tsx'
import { usage } from '../../words/usage.ts'
import { buyerText } from './meter.ts'

const words = usage.course

type Meter = Schemas['UsageSummary']
type MeterChoice = Pick<Meter, 'agreement_id' | 'dimension'>

const BETWEEN = ' '
const keyOf = ({ agreement_id, dimension }: MeterChoice) => `${agreement_id}${BETWEEN}${dimension}`
const meterText = (meter: Meter) => `${buyerText(meter)}: ${meter.dimension}`

/** One meter over a month or a day. Which one stands in the address, so that it can be found again. */
export function UsageCourse({ meters, loaded }: { meters: readonly Meter[]; loaded: boolean }) {
  const [parameters, setParameters] = useSearchParams()
  const { can } = useSession()
  const set = (name: string, value: string) =>
    setParameters(
      (before) => {
        const after = new URLSearchParams(before)
        if (value === '') after.delete(name)
        else after.set(name, value)
        return after
      },
      { replace: true },
    )
  if (!loaded) return <Loading />
  const narrowed = parameters.get('agreement_id')
  const wanted = parameters.get('meter')
  const meter =
    meters.find((one) => keyOf(one) === wanted) ??
    meters.find((one) => narrowed === null || one.agreement_id === narrowed)
  if (meter === undefined) {
    return (
      <Card title={words.title}>
        <Empty title={words.none} help={words.noneHelp}>
          {can('keys.manage') && <GoToButton to="/keys">{words.toKeys}</GoToButton>}
        </Empty>
      </Card>
    )
  }
  return (
    <Card
      title={words.title}
      actions={
        <NativeSelect
          size="xs"
          aria-label={words.meter}
          value={keyOf(meter)}
          data={meters.map((one) => ({ value: keyOf(one), label: meterText(one) }))}
          onChange={(event) => set('meter', event.currentTarget.value)}
        />
      }
    >
      <Of key={keyOf(meter)} meter={meter} of={parameters.get('of') ?? ''} choose={(of) => set('of', of)} />
    </Card>
  )
}

type OfProps = { meter: Meter; of: string; choose(of: string): void }

/** Without a choice, the month of the last usage. */
function Of({ meter, of, choose }: OfProps) {
  const { agreement_id, dimension } = meter
  const last = api.useQuery(
    'get',
    '/v1/usage/hours',
    { params: { query: { agreement_id, dimension, limit: 1 } } },
    { enabled: of === '' },
  )
  const shown = of === '' ? last.data?.items[0]?.hour.slice(0, 'YYYY-MM'.length) : of
  const month = shown?.slice(0, 'YYYY-MM'.length) ?? ''
  const day = shown !== undefined && shown.length > month.length ? shown : ''
  return (
    <>
      <Group gap="sm" align="flex-end">
        <TextInput
          size="xs"
          type="month"
          label={words.month}
          value={month}
          onChange={(event) => choose(event.currentTarget.value)}
        />
        <TextInput
          size="xs"
          type="date"
          label={words.day}
          value={day}
          min={month === '' ? undefined : `${month}-01`}
          onChange={(event) => choose(event.currentTarget.value === '' ? month : event.currentTarget.value)}
        />
      </Group>
      {shown !== undefined && <Drawn meter={meter} of={shown} />}
    </>
  )
}

function Drawn({ meter, of }: { meter: Meter; of: string }) {
  const { agreement_id, dimension } = meter
  const { data, error, refetch } = api.useQuery(
    'get',
    '/v1/usage/course',
    { params: { query: { agreement_id, dimension, of } } },
    { placeholderData: (before) => before },
  )
  if (error) return <ProblemAlert error={error} retry={refetch} />
  if (data === undefined) return <Loading />
  const labelOf = (at: string) => (data.by === 'hour' ? at.slice(11, 16) : dayText(at).replace(YEAR, ''))
  return (
    <Chart
      title={words.chart(meterText(meter), data.by === 'hour' ? dayText(of) : of)}
      kind="bar"
      x={words.x[data.by]}
      unit=""
      rows={data.items.map(({ at, used, accepted, lost }) => ({
        label: labelOf(at),
        values: { used: point(used), accepted: point(accepted), lost: point(lost) },
      }))}
      series={[
        { name: 'used', label: words.used, color: 'indigo.5' },
        { name: 'accepted', label: words.accepted, color: 'green.6' },
        { name: 'lost', label: words.lost, color: 'red.6' },
      ]}
    />
  )
}

/** The month stands above the chart, and its year with it. */
const YEAR = / \d{4}$/

/** Drawn as a number, told as it is. */
const point = (quantity: string) => ({ value: Number(quantity), text: grouped(quantity) })
