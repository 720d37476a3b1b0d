import { Button, Group, Stack, Text } from '@mantine/core'
import { client } from '../../api.ts'
import { moneyText } from '../../parts/amount.tsx'
import { Card } from '../../parts/card.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo } from '../../parts/link.tsx'
import { dayText } from '../../parts/moment.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { common } from '../../words/index.ts'
import { sandbox } from '../../words/sandbox.ts'
import { type Panel, useDeed } from './use-panel.ts'

const words = sandbox.outside

/** What waits for somebody who is not in this service: buyers of live offers, and people in a cloud's own pages. */
export function Outside({ of: panel, busy }: { of: Panel; busy: boolean }) {
  const { offers, tasks } = panel
  return (
    <Card title={words.title}>
      {offers.length + tasks.length === 0 ? (
        <Empty title={words.empty} help={words.emptyHelp} />
      ) : (
        <Stack gap="md" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
          {tasks.map((task) => (
            <Task key={task.operation_id} of={task} />
          ))}
          {offers.map((offer) => (
            <Offer key={offer.id} of={offer} buyers={panel.buyers} busy={busy} />
          ))}
        </Stack>
      )}
    </Card>
  )
}

function Task({ of: { operation_id, title, cloud } }: { of: Panel['tasks'][number] }) {
  const doIt = useWrite(
    (_: null, header) => client.POST('/v1/sandbox/by-hand', { params: { header }, body: { operation_id } }),
    { done: words.done },
  )
  return (
    <li>
      <Group justify="space-between" gap="sm">
        <div style={{ flex: '1 1 16rem', minWidth: 0 }}>
          <GoTo to={`/operations/${operation_id}`}>{title}</GoTo>
          <Text size="sm" c="dimmed">
            {common.clouds[cloud]}
          </Text>
        </div>
        <Button size="sm" loading={doIt.isPending} onClick={() => doIt.mutate(null)}>
          {words.doIt}
        </Button>
      </Group>
      <ProblemAlert error={doIt.error} />
    </li>
  )
}

type OfferProps = { of: Panel['offers'][number]; buyers: Panel['buyers']; busy: boolean }

function Offer({ of: offer, buyers, busy }: OfferProps) {
  const { id, name, cloud, money, expires_on, buyer_account_ids, declinable } = offer
  const accept = useDeed(
    (buyer_account_id: string, header) =>
      client.POST('/v1/sandbox/accept', { params: { header }, body: { offer_id: id, buyer_account_id } }),
    ({ problem }) => (problem === null ? words.accepted : words.notSignedUp(problem)),
  )
  const decline = useDeed(
    (buyer_account_id: string, header) =>
      client.POST('/v1/sandbox/deeds', {
        params: { header },
        body: { deed: 'decline', offer_id: id, buyer_account_id },
      }),
    () => words.declined,
  )
  const facts = [
    common.clouds[cloud],
    money === null ? undefined : moneyText(money),
    words.until(dayText(expires_on)),
  ]
  return (
    <li>
      <Group justify="space-between" gap="sm">
        <div style={{ flex: '1 1 16rem', minWidth: 0 }}>
          <GoTo to={`/offers/${id}`}>{name}</GoTo>
          <Text size="sm" c="dimmed">
            {facts.filter((fact) => fact !== undefined).join(', ')}
          </Text>
        </div>
        <Stack gap="xs" align="flex-end">
          {buyer_account_ids.map((account_id) => {
            const buyer = buyers.find((one) => one.cloud === cloud && one.account_id === account_id)
            return buyer === undefined ? (
              <Text key={account_id} size="sm" c="dimmed" maw={360}>
                {words.unknownBuyer(account_id)}
              </Text>
            ) : (
              <Group key={account_id} gap="xs">
                {declinable && (
                  <Confirm
                    size="sm"
                    label={words.decline}
                    title={words.declineAs(buyer.name)}
                    help={words.declineHelp(name)}
                    verb={words.decline}
                    danger
                    disabled={busy}
                    aria-label={`${words.declineAs(buyer.name)}: ${name}`}
                    run={() => decline.mutateAsync(account_id)}
                  />
                )}
                <Button
                  size="sm"
                  loading={accept.isPending}
                  disabled={busy}
                  onClick={() => accept.mutate(account_id)}
                >
                  {words.acceptAs(buyer.name)}
                </Button>
              </Group>
            )
          })}
        </Stack>
      </Group>
      <ProblemAlert error={accept.error} />
    </li>
  )
}
