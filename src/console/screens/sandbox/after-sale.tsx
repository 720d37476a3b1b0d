import { Button, Group, NumberInput, Stack, Text } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { Schemas } from '../../../client/index.ts'
import { client } from '../../api.ts'
import { moneyText } from '../../parts/amount.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { dayText } from '../../parts/moment.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { sandbox } from '../../words/sandbox.ts'
import { type Panel, useDeed } from './use-panel.ts'

const words = sandbox.afterSale
type Agreement = Panel['agreements'][number]
type Open = NonNullable<Agreement['open']>
type Deed = Schemas['SandboxDeed']

function useAfterSale() {
  return useDeed(
    (body: Deed, header) => client.POST('/v1/sandbox/deeds', { params: { header }, body }),
    () => words.done,
  )
}
type Doing = ReturnType<typeof useAfterSale>

/** What of an agreement its buyer could change or has to answer, and what the cloud could. */
export function AfterSale({ of: { id, name, open }, busy }: { of: Agreement; busy: boolean }) {
  const doing = useAfterSale()
  if (open === null || isNothing(open)) return null
  const shared = { agreement_id: id, name, doing, busy: busy || doing.isPending }
  return (
    <Stack gap="xs" mt="xs">
      <Renewal of={open} {...shared} />
      <Quantities of={open} {...shared} />
      <Asked of={open} {...shared} />
      <Invoices of={open} {...shared} />
      <ProblemAlert error={doing.error} />
    </Stack>
  )
}

function isNothing({ auto_renew, dimensions, ...lists }: Open): boolean {
  return auto_renew === null && dimensions === null && Object.values(lists).every((list) => list.length === 0)
}

type PartProps = { of: Open; agreement_id: string; name: string; doing: Doing; busy: boolean }

function Renewal({ of: { auto_renew }, agreement_id, name, doing, busy }: PartProps) {
  if (auto_renew === null) return null
  const verb = auto_renew ? words.stopRenewing : words.renew
  return (
    <Line says={auto_renew ? words.renews : words.ends}>
      <Button
        size="compact-sm"
        variant="default"
        disabled={busy}
        aria-label={`${verb}: ${name}`}
        onClick={() => doing.mutate({ deed: 'renew', agreement_id, renews: !auto_renew })}
      >
        {verb}
      </Button>
    </Line>
  )
}

/** The quantities that the buyer chose: they only grow. */
function Quantities({ of: { dimensions }, agreement_id, name, doing, busy }: PartProps) {
  const [wanted, want] = useState<Record<string, number>>({})
  if (dimensions === null) return null
  const chosen = Object.entries(dimensions)
  const next = Object.fromEntries(chosen.map(([key, now]) => [key, wanted[key] ?? now]))
  const send = (event: FormEvent) => {
    event.preventDefault()
    doing.mutate({ deed: 'amend', agreement_id, dimensions: next }, { onSuccess: () => want({}) })
  }
  return (
    <form onSubmit={send}>
      <Group gap="xs" align="flex-end">
        {chosen.map(([key, now]) => (
          <NumberInput
            key={key}
            label={words.quantity(key, now)}
            size="sm"
            w={200}
            min={now}
            allowDecimal={false}
            value={next[key] ?? now}
            onChange={(value) => want({ ...wanted, [key]: Number(value) })}
          />
        ))}
        <Button
          size="sm"
          variant="default"
          type="submit"
          disabled={busy || chosen.every(([key, now]) => next[key] === now)}
          aria-label={`${words.amend}: ${name}`}
        >
          {words.amend}
        </Button>
      </Group>
    </form>
  )
}

/** What the seller asked: the buyer answers, and of a refund the cloud. */
function Asked({ of: open, agreement_id, doing, busy }: PartProps) {
  const { payment_requests, cancellation_requests, refunds } = open
  const asked = [
    ...payment_requests.map(({ id, name, money }) => ({
      id,
      deed: 'answer_payment' as const,
      says: words.payment(name, moneyText(money)),
      verbs: words.answers,
    })),
    ...cancellation_requests.map(({ id, reason }) => ({
      id,
      deed: 'answer_cancellation' as const,
      says: words.cancellation(reason),
      verbs: words.answers,
    })),
    ...refunds.map(({ id, money, invoice_id }) => ({
      id,
      deed: 'answer_refund' as const,
      says: words.refund(moneyText(money), invoice_id),
      verbs: words.refundAnswers,
    })),
  ]
  return asked.map(({ id, deed, says, verbs }) => (
    <Line key={id} says={says}>
      {[true, false].map((yes) => {
        const verb = yes ? verbs.yes : verbs.no
        return (
          <Button
            key={verb}
            size="compact-sm"
            variant="default"
            disabled={busy}
            aria-label={`${verb}: ${says}`}
            onClick={() => doing.mutate({ deed, agreement_id, request_id: id, yes })}
          >
            {verb}
          </Button>
        )
      })}
    </Line>
  ))
}

function Invoices({ of: { invoices }, agreement_id, doing, busy }: PartProps) {
  return invoices.map(({ id, money, due_at }) => (
    <Line key={id} says={words.invoice(id, moneyText(money), dayText(due_at.slice(0, 10)))}>
      <Confirm
        size="compact-sm"
        label={words.forgive}
        title={words.forgiveTitle(id)}
        help={words.forgiveHelp(moneyText(money))}
        verb={words.forgive}
        disabled={busy}
        danger
        run={() => doing.mutateAsync({ deed: 'forgive', agreement_id, invoice_id: id })}
      />
    </Line>
  ))
}

function Line({ says, children }: { says: string; children: ReactNode }) {
  return (
    <Group justify="space-between" gap="xs">
      <Text size="sm" style={{ flex: '1 1 14rem', minWidth: 0 }}>
        {says}
      </Text>
      <Group gap="xs">{children}</Group>
    </Group>
  )
}
