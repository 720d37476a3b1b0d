import { Alert, Stack } from '@mantine/core'
import { useParams } from 'wouter'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { moneyText } from '../../parts/amount.tsx'
import { Card } from '../../parts/card.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { common } from '../../words/index.ts'
import { entryKinds, named } from '../../words/money.ts'
import { trace as words } from '../../words/trace.ts'
import { expectationText } from './expectation-columns.tsx'
import { lineText } from './line-columns.tsx'
import { ExpectedStep } from './trace-expected.tsx'
import { InvoiceTrails } from './trace-invoices.tsx'
import { LineStep, Missing } from './trace-steps.tsx'

const back = { to: '/trace', label: words.title }

type Found = Schemas['Trace']

/** The whole trail of one cent, from the bank down to what it was earned with. */
export default function Trace() {
  const { id = '' } = useParams<{ id: string }>()
  const asked = decodeURIComponent(id)
  const { data, error, refetch } = api.useQuery('get', '/v1/trace/{id}', { params: { path: { id: asked } } })
  if (error) {
    return (
      <Page title={common.notFound} back={back}>
        <ProblemAlert error={error} retry={refetch} />
      </Page>
    )
  }
  if (data === undefined) return <Loading />
  return (
    <Page title={titleOf(data)} lead={words.lead} back={back}>
      {data.entry !== null && (
        <Card title={words.one.entry}>
          <GoTo to={`/ledger/entries/${data.entry.id}`}>{named(entryKinds, data.entry.kind)}</GoTo>
        </Card>
      )}
      {isEmpty(data) ? (
        <Empty title={words.one.nothing} help={words.one.nothingHelp}>
          {data.entry !== null && (
            <GoToButton variant="default" to={`/ledger/entries/${data.entry.id}`}>
              {words.one.entry}
            </GoToButton>
          )}
        </Empty>
      ) : (
        <Ladder of={data} />
      )}
    </Page>
  )
}

function titleOf({ line, open, invoices, start }: Found): string {
  if (line !== null) return words.one.title(lineText(line), moneyText(line.amount))
  const expectation = open[0] ?? invoices[0]?.expectation
  return expectation == null
    ? words.one.title(words.one.of[start.kind])
    : words.one.title(expectationText(expectation), moneyText(expectation.amount))
}

const isEmpty = ({ bank, disbursements, invoices, adjustments, open, line }: Found) =>
  line === null &&
  bank.length + disbursements.length + invoices.length + adjustments.length + open.length === 0

/** Downwards: bank, pay-out, its lines, invoices, what was expected. */
function Ladder({ of }: { of: Found }) {
  const { bank, disbursements, invoices, adjustments, open, start, line } = of
  const { steps } = words
  const alone = line !== null && !isShown(of, line.id)
  // Money at the bank that no pay-out announced: it is there, and nothing stands behind it.
  if (alone && line.kind === 'bank') {
    return (
      <Stack gap="sm" component="ol" p={0} m={0} style={{ listStyle: 'none' }}>
        <LineStep title={steps.bank} of={{ ...line, entries: [] }} begin />
        <Missing title={steps.stray} help={steps.strayHelp} />
      </Stack>
    )
  }
  return (
    <Stack gap="sm" component="ol" p={0} m={0} style={{ listStyle: 'none' }}>
      {bank.map((one) => (
        <LineStep key={one.id} title={steps.bank} of={one} begin={one.id === start.id} />
      ))}
      {bank.length === 0 && <Missing title={steps.noBank} help={steps.noBankHelp} />}
      {disbursements.map((one) => (
        <LineStep key={one.id} title={steps.payout} of={one} begin={one.id === start.id} />
      ))}
      {disbursements.length === 0 && bank.length === 0 && (
        <Missing title={steps.noPayout} help={steps.noPayoutHelp} />
      )}
      {alone && <LineStep title={lineText(line)} of={{ ...line, entries: [] }} begin />}
      {of.more && (
        <li>
          <Alert color="yellow">
            {steps.more}{' '}
            <GoTo to={`/trace?disbursement_key=${encodeURIComponent(disbursements[0]?.key ?? '')}`}>
              {steps.seeLines}
            </GoTo>
          </Alert>
        </li>
      )}
      <InvoiceTrails invoices={invoices} adjustments={adjustments} begin={start.id} />
      {open.map((one) => (
        <ExpectedStep key={one.id} title={steps.open} of={one} begin={one.id === start.id} />
      ))}
    </Stack>
  )
}

/** Whether a line stands somewhere in its own trail; one that nothing is known of yet stands alone. */
function isShown({ bank, disbursements, invoices, adjustments }: Found, id: string): boolean {
  return [
    ...bank,
    ...disbursements,
    ...invoices.flatMap(({ line, collected, disbursed }) => [line, ...collected, ...disbursed]),
    ...adjustments.map(({ line }) => line),
  ].some((one) => one.id === id)
}
