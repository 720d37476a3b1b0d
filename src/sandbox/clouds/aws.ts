// AWS Marketplace as the sandbox plays it: what its sellers and buyers do there.
import type { Control } from '../control.ts'
import { type AfterSale, type Company, DAYS_TO_PAY, type Market, type OpenDeal } from '../market.ts'

type Account = {
  account_id: string
  access_key_id: string
  secret_access_key: string
  feed_bucket?: string
}
type AccountDraft = {
  account_id?: string
  name: string
  role: 'seller' | 'buyer'
  country?: string
  days_to_pay?: number
  tax?: { rate: string; liable: 'aws' | 'seller' }
}
type Listed = Company & { role: string; pays: boolean }
type Agreement = { id: string; offer_id: string; acceptor: string }

export function openAwsMarket({ read, send, change }: Pick<Control, 'read' | 'send' | 'change'>) {
  const account = (draft: AccountDraft) => send<Account>('/aws/accounts', { country: 'US', ...draft })
  const agreements = () => read<Agreement[]>('/aws/accepted?kind=agreements')
  return {
    cloud: 'aws',
    name: 'AWS Marketplace',
    sellers: ['vendor', 'reseller'],
    messages: { service: 'sns', operation: 'Notification' },
    /** Registers an account, or finds the one that was registered so. */
    account,
    connectionOf,
    async seller(_, { name }) {
      return connectionOf(await account({ role: 'seller', name }))
    },
    async listen({ account_id }, url) {
      await send('/aws/event-destinations', { account_id, url })
    },
    async buyer(name) {
      return {
        name,
        account_id: (await account({ role: 'buyer', name, days_to_pay: DAYS_TO_PAY })).account_id,
      }
    },
    async buyers() {
      const all = await read<Listed[]>('/aws/accounts')
      return all.flatMap(({ account_id, name, role, pays }) =>
        role === 'buyer' ? [{ cloud: 'aws' as const, account_id, name, pays }] : [],
      )
    },
    async accept(buyer, offer_id) {
      const found = (await agreements()).find((agreement) => agreement.offer_id === offer_id)
      return (
        found?.id ??
        (await send<{ agreement_id: string }>(`/aws/buyers/${buyer}/accept`, { offer_id })).agreement_id
      )
    },
    async visit(buyer, agreement_id) {
      const { registration_token: token, fulfillment_url: address } = await send<{
        registration_token: string
        fulfillment_url: string
      }>(`/aws/buyers/${buyer}/register`, { agreement_id })
      return { address, token, form: { 'x-amzn-marketplace-token': token } }
    },
    async cancel(agreement_id) {
      const found = (await agreements()).find(({ id }) => id === agreement_id)
      await send(`/aws/buyers/${found?.acceptor ?? 'unknown'}/cancel`, { agreement_id })
    },
    pays: (buyer, pays) => change(`/aws/accounts/${buyer}`, { pays }),
    after_sale: afterSale({ read, send }),
  } satisfies Market & Record<string, unknown>
}

function afterSale({ read, send }: Pick<Control, 'read' | 'send'>): AfterSale {
  const decision = (yes: boolean) => ({ decision: yes ? 'approve' : 'reject' })
  const post = async (path: string, body: unknown) => void (await send(`/aws/${path}`, body))
  return {
    decline: (buyer, offer_id) => post(`buyers/${buyer}/decline`, { offer_id }),
    open: (account_id) => read<OpenDeal[]>(`/aws/open?account_id=${account_id}`),
    renew: ({ buyer, agreement_id }, auto_renew) =>
      post(`buyers/${buyer}/renewal`, { agreement_id, auto_renew }),
    amend: ({ buyer, agreement_id }, dimensions) =>
      post(`buyers/${buyer}/amend`, { agreement_id, dimensions }),
    answerPayment: ({ buyer }, id, approves) =>
      post(`buyers/${buyer}/payment-requests/${id}`, decision(approves)),
    answerCancellation: ({ buyer }, id, approves) =>
      post(`buyers/${buyer}/cancellation-requests/${id}`, decision(approves)),
    answerRefund: (id, makes) =>
      post(`billing-adjustments/${id}`, { decision: makes ? 'complete' : 'refuse' }),
    forgive: (invoice_id) => post(`invoices/${invoice_id}/forgive`, {}),
  }
}

function connectionOf({ account_id, access_key_id, secret_access_key, feed_bucket }: Account) {
  return {
    account_id,
    credentials: { access_key_id, secret_access_key },
    settings: feed_bucket === undefined ? {} : { feed_bucket },
  }
}
