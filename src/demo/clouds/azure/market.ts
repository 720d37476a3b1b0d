// What the story needs of Microsoft's marketplace beside what everybody may do there.
import { type Control, openAzureMarket } from '../../../sandbox/model.ts'

type Operation = { id: string; subscription_id: string; action: string; source: string; status: string }
type Webhook = { id: string; operation_id: string; state: string }
type Invoice = { invoice_id: string; customer: string; written_off_at: string | null }

export function openStoryMarket(control: Pick<Control, 'read' | 'send' | 'change'>) {
  const { read, send } = control
  const market = openAzureMarket(control)
  return {
    ...market,
    changePlan: (customer: string, subscription_id: string, plan_id: string) =>
      market.deed<Operation>(customer, 'change-plan', { subscription_id, plan_id }),
    operations: () => market.accepted<Operation>('operations'),
    webhooks: () => read<Webhook[]>('/azure/webhooks'),
    deliver: (webhook_id: string) => send(`/azure/webhooks/${webhook_id}/deliver`, {}),
    invoices: () => read<Invoice[]>('/azure/invoices'),
    acceptedUsage: (account_id: string) =>
      read<{ quantity: string | number }[]>(`/azure/accepted?kind=usage&account_id=${account_id}`),
    payouts: (account_id: string) => read<{ amount: string }[]>(`/azure/payouts?account_id=${account_id}`),
  }
}
