// AWS Marketplace as the sandbox plays it: what its sellers and buyers do there.
import type { Sandbox } from '../../sandbox.ts'

type Account = {
  account_id: string
  access_key_id: string
  secret_access_key: string
  feed_bucket?: string
}
type AccountDraft = {
  account_id: string
  name: string
  role: 'seller' | 'buyer'
  country?: string
  tax?: { rate: string; liable: 'aws' | 'seller' }
}

export function openAwsMarket({ read, send }: Pick<Sandbox, 'read' | 'send'>) {
  return {
    account: (draft: AccountDraft) => send<Account>('/aws/accounts', draft),
    eventsTo: (account_id: string, url: string) => send('/aws/event-destinations', { account_id, url }),
    /** The buyer accepts an offer, once: an acceptance that is there already is found again. */
    accept: async (buyer: string, offer_id: string): Promise<string> => {
      const known = await read<{ id: string; offer_id: string }[]>('/aws/accepted?kind=agreements')
      const found = known.find((agreement) => agreement.offer_id === offer_id)
      return (
        found?.id ??
        (await send<{ agreement_id: string }>(`/aws/buyers/${buyer}/accept`, { offer_id })).agreement_id
      )
    },
    /** The marketplace's token for the buyer's way to the vendor's sign-up page. */
    register: (buyer: string, agreement_id: string) =>
      send<{ registration_token: string; fulfillment_url: string }>(`/aws/buyers/${buyer}/register`, {
        agreement_id,
      }),
    acceptedUsage: (account_id: string) =>
      read<{ agreement_id: string; dimension: string; quantity: number }[]>(
        `/aws/accepted?kind=usage&account_id=${account_id}`,
      ),
    payouts: (account_id: string) => read<{ amount: string }[]>(`/aws/payouts?account_id=${account_id}`),
  }
}
