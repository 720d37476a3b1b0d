// What AWS took, counted: how often a change set of some kind went through, and how often something was asked.
import {
  ListAgreementCancellationRequestsCommand,
  ListAgreementPaymentRequestsCommand,
  ListBillingAdjustmentRequestsCommand,
  MarketplaceAgreementClient,
} from '@aws-sdk/client-marketplace-agreement'
import type { Market } from '../../world.ts'

export type TakenSet = { status: string; entity_ids: string[]; changes: TakenChange[] }
export type TakenChange = { ChangeType: string; Details?: unknown }

/** Change sets that went through and fit. */
export async function setsTaken(market: Market, fits: (set: TakenSet) => boolean): Promise<TakenSet[]> {
  const all = await market.control<TakenSet[]>('/aws/accepted?kind=change_sets')
  return all.filter((set) => set.status === 'SUCCEEDED' && fits(set))
}

/** How many of them say these words. */
export async function saying(market: Market, words: string): Promise<number> {
  return (await setsTaken(market, (set) => JSON.stringify(set.changes).includes(`"${words}"`))).length
}

/** How many of one change alone went through for one thing. */
export async function alone(market: Market, entity_id: string, type: string): Promise<number> {
  const found = await setsTaken(
    market,
    ({ changes, entity_ids }) =>
      changes.length === 1 && changes[0]?.ChangeType === type && entity_ids.includes(entity_id),
  )
  return found.length
}

/** The service as the seller sees it without our connector. */
export function agreementsAsSeen({ server, vendor }: Market) {
  const { access_key_id: accessKeyId = '', secret_access_key: secretAccessKey = '' } = vendor.credentials
  const client = new MarketplaceAgreementClient({
    endpoint: server.urls.aws.agreement,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
  })
  const partyType = 'Proposer'
  return {
    async cancellations(agreementId: string): Promise<(string | undefined)[]> {
      const found = await client.send(
        new ListAgreementCancellationRequestsCommand({ partyType, agreementId }),
      )
      return (found.items ?? []).map(({ status }) => status)
    },
    async payments(agreementId: string): Promise<(string | undefined)[]> {
      const found = await client.send(new ListAgreementPaymentRequestsCommand({ partyType, agreementId }))
      return (found.items ?? []).map(({ name }) => name)
    },
    async refunds(agreementId: string): Promise<(string | undefined)[]> {
      const found = await client.send(new ListBillingAdjustmentRequestsCommand({ agreementId }))
      return (found.items ?? []).map(({ adjustmentAmount }) => adjustmentAmount)
    },
  }
}
