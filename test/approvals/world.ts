// An organisation that asks for two people everywhere, with people to ask and to decide, and something of every act.
import { recordShare } from '../../src/payouts/index.ts'
import { usd } from '../ledger/books.ts'
import { type House, openHouse, type Person } from '../organisations/house.ts'

export const OLD = { access_key_id: 'AKIATESTOLDOLDOLDOLD', secret_access_key: 'old-canary-secret' }
export const NEW = { access_key_id: 'AKIATESTNEWNEWNEWNEW', secret_access_key: 'new-canary-secret' }

export type Approval = {
  id: string
  act: string
  subject_id: string
  state: string
  request: unknown
  foreseen: unknown
  asked_by: string
  decided_by: string | null
  result: unknown
}

export type World = {
  house: House
  /** Two owners: either may ask, and the other may decide. */
  ann: Person
  ben: Person
  connection_id: string
  partner_id: string
  /** Which credentials the connection opens with. */
  credentials(): Promise<unknown>
  closed(): Promise<string[]>
  statements(): Promise<unknown[]>
}

export const ALL_ACTS = ['connections.change_credentials', 'ledger.reopen', 'partner_statements.close']

export async function openWorld(options: { mail?: boolean; two_person?: string[] } = {}): Promise<World> {
  const house = await openHouse({ start: '2026-03-10T00:00:00.000Z', ...options })
  const { context, home } = house
  const ann = await house.person('Ann', ['owner'])
  const ben = await house.person('Ben', ['owner'])
  const connection = await ann.ok<{ id: string }>(
    'POST',
    '/v1/connections',
    { cloud: 'aws', name: 'Seller', account_id: '111122223333', credentials: OLD },
    201,
  )
  const partner = await ann.ok<{ id: string }>(
    'POST',
    '/v1/partners',
    { name: 'Northwind', reseller_account_id: '222222222222', share_percent: '2.5' },
    201,
  )
  const agreement = { id: 'agr_r', role: 'manufacturer', seller_account_id: '222222222222' } as const
  const occurred_at = new Date('2026-01-10T08:00:00.000Z')
  await context.store.inTenant(home, (scope) =>
    recordShare(scope, { agreement, line_key: 'l1', amount: usd('1000.00'), occurred_at }),
  )
  for (const month of ['2026-01', '2026-02']) await ann.ok('POST', `/v1/ledger/periods/${month}/close`)
  await ann.ok('PATCH', `/v1/organisations/${home}`, { two_person: options.two_person ?? ALL_ACTS })
  return {
    house,
    ann,
    ben,
    connection_id: connection.id,
    partner_id: partner.id,
    async credentials() {
      const row = await context.store.inTenant(home, ({ tx }) =>
        tx.connection.findFirstOrThrow({ where: { id: connection.id } }),
      )
      return JSON.parse(await context.seal.open(row.sealed_credentials, [home, connection.id]))
    },
    async closed() {
      const { items } = await ann.ok<{ items: { month: string }[] }>('GET', '/v1/ledger/periods')
      return items.map(({ month }) => month)
    },
    async statements() {
      return (await ann.ok<{ items: unknown[] }>('GET', '/v1/partner-statements')).items
    },
  }
}

/** Asks for new credentials. */
export const askCredentials = ({ connection_id }: World, who: Person, credentials: unknown = NEW) =>
  who.ok<Approval>('PATCH', `/v1/connections/${connection_id}`, { credentials, name: 'Renamed' }, 202)

export const askReopen = (who: Pick<Person, 'ok'>, month = '2026-02') =>
  who.ok<Approval>('POST', `/v1/ledger/periods/${month}/reopen`, { reason: 'A late invoice' }, 202)

export const decide = (who: Pick<Person, 'send'>, id: string, decision: string, body: unknown = {}) =>
  who.send('POST', `/v1/approvals/${id}/${decision}`, { body })
