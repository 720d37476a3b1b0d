// Microsoft's commercial marketplace as the sandbox plays it: what its sellers and customers do there.
import type { Control } from '../control.ts'
import { type Company, DAYS_TO_PAY, type Market, slug } from '../market.ts'

type AccountDraft = {
  account_id?: string
  publisher_id?: string
  name: string
  role: 'publisher' | 'partner' | 'customer'
  days_to_pay?: number
}
type Account = {
  account_id: string
  tenant_id: string
  client_id: string
  client_secret: string
  publisher_id?: string
}
type Listed = Company & { role: string; pays: boolean }
type Offer = { id: string; sub_state?: string }
export type Subscription = { id: string; customer: string; private_offer?: string; plan_id: string }

export function openAzureMarket({ read, send, change }: Pick<Control, 'read' | 'send' | 'change'>) {
  const account = (draft: AccountDraft) => send<Account>('/azure/accounts', draft)
  const accepted = <T>(kind: string) => read<T[]>(`/azure/accepted?kind=${kind}`)
  const subscriptions = () => accepted<Subscription>('subscriptions')
  const deed = <T>(customer: string, name: string, body: unknown) =>
    send<T>(`/azure/customers/${encodeURIComponent(customer)}/${name}`, body)
  return {
    cloud: 'azure',
    name: 'Microsoft marketplace',
    sellers: ['vendor', 'reseller'],
    messages: { service: 'saas-fulfillment', operation: 'Webhook' },
    /** Registers an account, or finds the one that was registered so. */
    account,
    accepted,
    subscriptions,
    deed,
    connectionOf,
    async seller(kind, { name, unique }) {
      const role = kind === 'vendor' ? 'publisher' : 'partner'
      const publisher_id = `${slug(name, 30).replaceAll('-', '')}${unique}`
      return connectionOf(await account({ role, name, publisher_id }), `deals@${publisher_id}.example`)
    },
    // Listings tell Microsoft where its messages go.
    listen: async () => {},
    async buyer(name) {
      return {
        name,
        account_id: (await account({ role: 'customer', name, days_to_pay: DAYS_TO_PAY })).account_id,
      }
    },
    async buyers() {
      const all = await read<Listed[]>('/azure/accounts')
      return all.flatMap(({ account_id, name, role, pays }) =>
        role === 'customer' ? [{ cloud: 'azure' as const, account_id, name, pays }] : [],
      )
    },
    /** Accepts the private offer and subscribes under it; the subscription is the agreement. */
    async accept(customer, private_offer_id) {
      const known = (await subscriptions()).find(({ private_offer }) => private_offer === private_offer_id)
      if (known !== undefined) return known.id
      const offer = (await accepted<Offer>('offers')).find(({ id }) => id === private_offer_id)
      if (offer?.sub_state !== 'accepted') await deed(customer, 'accept', { private_offer_id })
      const made = await deed<{ subscription_id: string }>(customer, 'subscribe', { private_offer_id })
      return made.subscription_id
    },
    async visit(customer, subscription_id) {
      const { landing_page_url: address, token } = await deed<{ landing_page_url: string; token: string }>(
        customer,
        'visit',
        { subscription_id },
      )
      return { address, token }
    },
    async cancel(subscription_id) {
      const found = (await subscriptions()).find(({ id }) => id === subscription_id)
      await deed(found?.customer ?? 'unknown', 'cancel', { subscription_id })
    },
    pays: (customer, pays) => change(`/azure/accounts/${encodeURIComponent(customer)}`, { pays }),
  } satisfies Market & Record<string, unknown>
}

function connectionOf(made: Account, contact_email: string) {
  const { account_id, tenant_id, client_id, client_secret, publisher_id } = made
  return {
    account_id,
    credentials: { client_secret },
    settings: {
      tenant_id,
      client_id,
      ...(publisher_id === undefined ? {} : { publisher_id }),
      contact_email,
      payout_exports: 'yes',
    },
  }
}
