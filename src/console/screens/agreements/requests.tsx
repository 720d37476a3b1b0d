import { Badge, Group, Text } from '@mantine/core'
import { useState } from 'react'
import type { Schemas } from '../../../client/index.ts'
import { api, client } from '../../api.ts'
import { Amount } from '../../parts/amount.tsx'
import { Card } from '../../parts/card.tsx'
import { CloudProblems, ProblemList } from '../../parts/cloud-problems.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Rows } from '../../parts/list.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment } from '../../parts/moment.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { SecondPerson } from '../../parts/second-person.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { agreements } from '../../words/agreements.ts'
import { AskCancellation, AskPayment } from './ask-buyer.tsx'
import { Invoices } from './invoices.tsx'
import { isCurrency } from './is-amount.ts'

const words = agreements.requests

type Agreement = Schemas['Agreement']
type Request = Schemas['AgreementRequest']

/** What the buyer was billed, and what was asked about the agreement, with the buttons that ask. */
export function RequestsAndInvoices({ of }: { of: Agreement }) {
  const { id } = of
  const [answer, setAnswer] = useState<unknown>()
  const { data, error, refetch } = api.useQuery('get', '/v1/agreements/{id}/requests', {
    params: { path: { id } },
  })
  if (error) {
    return (
      <Card title={words.title}>
        <ProblemAlert error={error} retry={refetch} />
      </Card>
    )
  }
  if (data === undefined) return <Loading />
  const { items, reasons, cancellation_granted_after_days: days } = data
  return (
    <>
      {reasons !== null && <Invoices of={of} reasons={reasons.refund} told={setAnswer} />}
      <SecondPerson answer={answer} />
      <Card
        title={words.title}
        actions={reasons !== null && <Ask of={of} reasons={reasons.cancellation} days={days} />}
      >
        {reasons === null ? (
          <Text c="dimmed">{words.noInterface}</Text>
        ) : items.length === 0 ? (
          <Text c="dimmed">{words.none}</Text>
        ) : (
          <Made id={id} items={items} titles={[...reasons.cancellation, ...reasons.refund]} />
        )}
      </Card>
    </>
  )
}

type AskProps = { of: Agreement; reasons: readonly { code: string; title: string }[]; days: number | null }

function Ask({ of: { id, state, currency }, reasons, days }: AskProps) {
  const { can } = useSession()
  if (!can('offers.manage') || state !== 'active') return null
  return (
    <Group gap="xs">
      {isCurrency(currency) && <AskPayment id={id} currency={currency} />}
      <AskCancellation id={id} reasons={reasons} days={days} />
    </Group>
  )
}

type MadeProps = { id: string; items: readonly Request[]; titles: AskProps['reasons'] }

function Made({ id, items, titles }: MadeProps) {
  const { can } = useSession()
  const why = ({ reason, name, invoice_id, words: said }: Request) =>
    [
      invoice_id === null ? null : words.ofInvoice(invoice_id),
      name ?? titles.find(({ code }) => code === reason)?.title,
      said,
    ]
      .filter(Boolean)
      .join('. ')
  const latest = items.find(
    ({ kind, problems }, index) =>
      // What went right later needs no mending.
      problems.length > 0 && !items.slice(0, index).some((newer) => newer.kind === kind),
  )
  return (
    <>
      {latest !== undefined && (
        <CloudProblems of={latest.problems} todo={words.refused(words.kinds[latest.kind])} />
      )}
      <Rows
        title={words.title}
        rows={items}
        id={(request) => request.id}
        columns={[
          { header: words.columns.what, cell: ({ kind }) => words.kinds[kind] },
          { header: words.columns.amount, right: true, cell: ({ amount }) => <Amount value={amount} /> },
          {
            header: words.columns.why,
            wide: true,
            cell: (request) => <Why text={why(request)} of={request} />,
          },
          { header: words.columns.state, cell: ({ state }) => <Standing is={state} /> },
          { header: words.columns.asked, cell: (request) => <When of={request} /> },
          ...(can('offers.manage') && items.some(({ can_be_withdrawn }) => can_be_withdrawn)
            ? [
                {
                  header: words.columns.actions,
                  cell: (request: Request) =>
                    request.can_be_withdrawn && <Withdraw id={id} request_id={request.id} />,
                },
              ]
            : []),
        ]}
      />
    </>
  )
}

function Why({ text, of: { problems } }: { text: string; of: Request }) {
  return (
    <>
      {text}
      {problems.length > 0 && <ProblemList of={problems} />}
    </>
  )
}

function When({ of: { created_at, ended_at } }: { of: Request }) {
  return (
    <>
      <Moment at={created_at} />
      {ended_at !== null && (
        <Text size="sm" c="dimmed">
          {words.ended} <Moment at={ended_at} />
        </Text>
      )}
    </>
  )
}

function Standing({ is }: { is: Request['state'] }) {
  const [label, tone] = words.states[is]
  return (
    <Badge variant="light" color={tone} tt="none">
      {label}
    </Badge>
  )
}

function Withdraw({ id, request_id }: { id: string; request_id: string }) {
  const { label, title, help, reason, verb, done } = words.withdraw
  const write = useWrite(
    (text: string, header) =>
      client.POST('/v1/agreements/{id}/requests/{request_id}/withdraw', {
        params: { path: { id, request_id }, header },
        body: { words: text },
      }),
    { done },
  )
  return (
    <Confirm
      size="xs"
      label={label}
      title={title}
      help={help}
      reason={reason}
      verb={verb}
      run={(text) => write.mutateAsync(text)}
    />
  )
}
