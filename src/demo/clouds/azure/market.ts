// Microsoft's commercial marketplace as the sandbox plays it: what its sellers and customers do there.
import type { Sandbox } from '../../sandbox.ts'

type AccountDraft = { account_id: string; name: string; role: 'publisher' | 'partner' | 'customer' }
type Account = {
  account_id: string
  tenant_id: string
  client_id: string
  client_secret: string
  publisher_id?: string
}
type Offer = { id: string; sub_state?: string }
type Subscription = { id: string; customer: string; private_offer?: string; plan_id: string }
type Operation = { id: string; subscription_id: string; action: string; source: string; status: string }
type Webhook = { id: string; operation_id: string; state: string }
type Invoice = { invoice_id: string; customer: string; written_off_at: string | null }

export function openAzureMarket({ read, send, change }: Pick<Sandbox, 'read' | 'send' | 'change'>) {
  const accepted = <T>(kind: string) => read<T[]>(`/azure/accepted?kind=${kind}`)
  const deed = <T>(customer: string, name: string, body: unknown) =>
    send<T>(`/azure/customers/${encodeURIComponent(customer)}/${name}`, body)
  const subscriptions = () => accepted<Subscription>('subscriptions')
  return {
    account: (draft: AccountDraft) => send<Account>('/azure/accounts', draft),
    pays: (customer: string, pays: boolean) =>
      change(`/azure/accounts/${encodeURIComponent(customer)}`, { pays }),
    subscriptions,
    /** The customer accepts a private offer and subscribes under it, once. Answers the subscription. */
    buy: async (customer: string, private_offer_id: string): Promise<string> => {
      const known = (await subscriptions()).find(({ private_offer }) => private_offer === private_offer_id)
      if (known !== undefined) return known.id
      const offer = (await accepted<Offer>('offers')).find(({ id }) => id === private_offer_id)
      if (offer?.sub_state !== 'accepted') await deed(customer, 'accept', { private_offer_id })
      const made = await deed<{ subscription_id: string }>(customer, 'subscribe', { private_offer_id })
      return made.subscription_id
    },
    /** The way to the vendor's landing page, with a fresh token. */
    visit: (customer: string, subscription_id: string) =>
      deed<{ landing_page_url: string }>(customer, 'visit', { subscription_id }),
    changePlan: (customer: string, subscription_id: string, plan_id: string) =>
      deed<Operation>(customer, 'change-plan', { subscription_id, plan_id }),
    operations: () => accepted<Operation>('operations'),
    webhooks: () => read<Webhook[]>('/azure/webhooks'),
    deliver: (webhook_id: string) => send(`/azure/webhooks/${webhook_id}/deliver`, {}),
    invoices: () => read<Invoice[]>('/azure/invoices'),
    acceptedUsage: (account_id: string) =>
      read<{ quantity: string | number }[]>(`/azure/accepted?kind=usage&account_id=${account_id}`),
    payouts: (account_id: string) => read<{ amount: string }[]>(`/azure/payouts?account_id=${account_id}`),
  }
}
