import { Button, Group, Stack, Text } from '@mantine/core'
import { client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo } from '../../parts/link.tsx'
import { State } from '../../parts/state.tsx'
import { useSession } from '../../session.tsx'
import { common } from '../../words/index.ts'
import { sandbox } from '../../words/sandbox.ts'
import { AfterSale } from './after-sale.tsx'
import { type Panel, useDeed } from './use-panel.ts'

const words = sandbox.agreements
type Agreement = Panel['agreements'][number]

/** An hour, and the quarter of another one in which it is reported. */
const USED_AFTER = 'PT75M'
const UNITS = '10'

/** What buyers have, and what they could do with it. */
export function Agreements({ of: { agreements, clock }, busy }: { of: Panel; busy: boolean }) {
  return (
    <Card title={words.title}>
      {agreements.length === 0 ? (
        <Empty title={words.empty} help={words.emptyHelp} />
      ) : (
        <Stack gap="md" component="ul" p={0} m={0} style={{ listStyle: 'none' }} aria-label={words.table}>
          {agreements.map((agreement) => (
            <li key={agreement.id}>
              <Group justify="space-between" gap="sm">
                <div style={{ flex: '1 1 14rem', minWidth: 0 }}>
                  <GoTo to={`/agreements/${agreement.id}`}>{agreement.name}</GoTo>
                  <Group gap="xs">
                    <Text size="sm" c="dimmed">
                      {common.clouds[agreement.cloud]}
                    </Text>
                    <State is={agreement.state} />
                  </Group>
                </div>
                <Deeds of={agreement} now={clock.now} busy={busy} />
              </Group>
              <AfterSale of={agreement} busy={busy} />
            </li>
          ))}
        </Stack>
      )}
    </Card>
  )
}

function Deeds({ of: agreement, now, busy }: { of: Agreement; now: string; busy: boolean }) {
  const { id, name, metered, offer_id, signed_up } = agreement
  const { can, organisation } = useSession()
  // What a reseller sells is still the vendor's product: buyers come to its page, and it counts what is used.
  const ours = organisation.kind === 'vendor'
  const use = useDeed(
    (_: null, header) =>
      client.POST('/v1/usage', {
        body: {
          events: metered.map((type) => ({
            id: `${header['idempotency-key']} ${type}`,
            source: 'sandbox',
            time: now,
            subject: id,
            type,
            data: { quantity: UNITS },
          })),
        },
      }),
    () => words.used,
    USED_AFTER,
  )
  const signUp = useDeed(
    (offer: string, header) =>
      client.POST('/v1/sandbox/accept', { params: { header }, body: { offer_id: offer } }),
    ({ problem }) => (problem === null ? sandbox.outside.accepted : sandbox.outside.notSignedUp(problem)),
  )
  const cancel = useDeed(
    (_: null, header) =>
      client.POST('/v1/sandbox/cancel', { params: { header }, body: { agreement_id: id } }),
    () => words.cancelled,
  )
  return (
    <Group gap="xs">
      {ours && metered.length > 0 && agreement.state === 'active' && can('usage.send') && (
        <Button
          size="sm"
          variant="default"
          disabled={busy}
          loading={use.isPending}
          onClick={() => use.mutate(null)}
        >
          {words.use}
        </Button>
      )}
      {ours && !signed_up && offer_id !== null && (
        <Button
          size="sm"
          variant="default"
          disabled={busy}
          loading={signUp.isPending}
          onClick={() => signUp.mutate(offer_id)}
        >
          {words.signUp}
        </Button>
      )}
      <Confirm
        size="sm"
        label={words.cancel}
        title={words.cancelTitle}
        help={words.cancelHelp(name)}
        verb={words.cancelTitle}
        danger
        run={() => cancel.mutateAsync(null)}
      />
    </Group>
  )
}
