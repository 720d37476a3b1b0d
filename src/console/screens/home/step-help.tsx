import { Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Schemas } from '../../../client/index.ts'
import { api, chooseOrganisation, client } from '../../api.ts'
import { useConnections } from '../../parts/connections.tsx'
import { LetHourPass } from '../../parts/let-hour-pass.tsx'
import { GoToButton } from '../../parts/link.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { home } from '../../words/home.ts'
import { common } from '../../words/index.ts'
import { useMayPlay, usePanel } from '../sandbox/use-panel.ts'

const words = home.guide
type Key = NonNullable<Schemas['Guide']['at']>

/** Where a step is done, and what that button says. `play`: only where the clouds are the embedded ones. */
type Way = { to: string; label: string; permission?: string; play?: true }
const ways: Readonly<Record<Key, readonly Way[]>> = {
  connect: [{ to: '/connections', label: words.buttons.connect, permission: 'connections.manage' }],
  listing: [
    { to: '/products', label: words.buttons.product, permission: 'catalog.manage' },
    { to: '/listings', label: words.buttons.listings, permission: 'catalog.read' },
    { to: '/sandbox', label: words.trySandbox, play: true },
  ],
  deal: [{ to: '/deals/new', label: words.buttons.deal, permission: 'offers.manage' }],
  offer: [
    { to: '/deals', label: words.buttons.deals, permission: 'offers.manage' },
    { to: '/offers', label: words.buttons.offers, permission: 'offers.read' },
  ],
  acceptance: [
    { to: '/sandbox', label: words.buttons.accept, play: true },
    { to: '/offers?state=live', label: words.buttons.offers, permission: 'offers.read' },
  ],
  usage: [
    { to: '/sandbox', label: words.buttons.use, play: true },
    { to: '/usage', label: words.buttons.usage, permission: 'usage.read' },
  ],
  month: [
    { to: '/sandbox', label: words.buttons.close, play: true },
    { to: '/statements', label: words.buttons.statements, permission: 'settlement.read' },
  ],
  bank: [
    { to: '/sandbox', label: words.buttons.bank, play: true },
    { to: '/statements', label: words.buttons.statements, permission: 'settlement.read' },
  ],
  opened: [{ to: '/opened', label: words.buttons.opened, permission: 'offers.read' }],
  resale: [{ to: '/opened', label: words.buttons.opened, permission: 'offers.read' }],
  statement: [
    { to: '/my-statements', label: words.buttons.mine, permission: 'payouts.read' },
    { to: '/sandbox', label: words.buttons.close, play: true },
  ],
}

/** What the present step is, and the buttons that do it. */
export function StepHelp({ at, under_way }: { at: Key; under_way: boolean }) {
  const { can } = useSession()
  const mayPlay = useMayPlay()
  const { data: panel } = usePanel()
  // Between the cloud's first word of an offer and the buyer's chance to accept it, time has to pass.
  const waits = under_way || (at === 'acceptance' && panel?.offers.length === 0)
  const shown = ways[at].filter(({ permission, play }) =>
    play ? mayPlay : permission === undefined || can(permission),
  )
  return (
    <Stack gap="xs" role="status">
      <Text>{words.help[at]}</Text>
      {under_way && <Text fw={600}>{words.underWay}</Text>}
      {at === 'deal' && mayPlay && <Buyers />}
      <Group gap="xs">
        {at === 'connect' && mayPlay && can('connections.manage') && <Stay />}
        {waits && <LetHourPass />}
        {at === 'opened' && mayPlay && <VendorSeat />}
        {shown.map(({ to, label }, index) => (
          <GoToButton
            key={`${to} ${label}`}
            to={to}
            size="sm"
            variant={index === 0 && at !== 'connect' && !waits ? 'filled' : 'default'}
          >
            {label}
          </GoToButton>
        ))}
      </Group>
    </Stack>
  )
}

/** One click instead of credentials: a seller account with the embedded AWS, and for a vendor somebody who buys. */
function Stay() {
  const { organisation } = useSession()
  const { data: panel } = usePanel()
  const stay = useWrite(
    async (_: null, header) => {
      if (organisation.kind === 'vendor' && !panel?.buyers.some(({ cloud }) => cloud === 'aws')) {
        const own = { 'idempotency-key': `${header['idempotency-key']} buyer` }
        const body = { cloud: 'aws' as const, name: 'Globex' }
        await client.POST('/v1/sandbox/buyers', { params: { header: own }, body })
      }
      return client.POST('/v1/sandbox/connect', { params: { header }, body: { cloud: 'aws' } })
    },
    { done: words.buttons.stayed },
  )
  return (
    <Explained by={words.buttons.stayHelp}>
      <Button
        size="sm"
        disabled={panel === undefined}
        loading={stay.isPending}
        onClick={() => stay.mutate(null)}
      >
        {words.buttons.stay}
      </Button>
      <ProblemAlert error={stay.error} />
    </Explained>
  )
}

function Explained({ by, children }: { by: string; children: ReactNode }) {
  return (
    <Stack gap={4} w="100%" align="flex-start">
      {children}
      <Text size="sm" c="dimmed">
        {by}
      </Text>
    </Stack>
  )
}

const BUYERS_MAX = 6

/** Whom a deal can be written for here: the form asks for an account id. */
function Buyers() {
  const { data } = usePanel()
  const { connections } = useConnections()
  if (data === undefined) return null
  const reached = data.buyers.filter(({ cloud }) => connections.some((one) => one.cloud === cloud))
  if (reached.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {words.noBuyers}
      </Text>
    )
  }
  return (
    <Stack gap={4}>
      <Text size="sm" c="dimmed">
        {words.buyers}
      </Text>
      {reached.slice(0, BUYERS_MAX).map(({ cloud, account_id, name }) => (
        <Group key={account_id} gap="xs">
          <Text size="sm">
            {name}, {common.clouds[cloud]}
          </Text>
          <Code style={{ overflowWrap: 'anywhere' }}>{account_id}</Code>
          <CopyButton value={account_id}>
            {({ copied, copy }) => (
              <Button
                size="compact-xs"
                variant="default"
                onClick={copy}
                aria-label={`${common.copy} ${name}`}
              >
                {copied ? common.copied : common.copy}
              </Button>
            )}
          </CopyButton>
        </Group>
      ))}
    </Stack>
  )
}

/** To open something to a reseller one sits on the vendor's side for a while. */
function VendorSeat() {
  const { data } = api.useQuery('get', '/v1/organisations')
  const vendor = data?.items.find(({ kind }) => kind === 'vendor')
  if (vendor === undefined) return null
  return (
    <Button size="sm" onClick={() => chooseOrganisation(vendor.id)}>
      {words.buttons.vendor}
    </Button>
  )
}
