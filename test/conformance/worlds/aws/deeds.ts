// What people and buyers do on AWS, through the sandbox's control API.
import type { Connection, Connector } from '../../../../connectors/connector.ts'
import { given } from '../../claims.ts'
import type { Ground } from '../../ground.ts'
import type { Bought, Deeds } from '../../world.ts'
import { nobody, unheardOf } from '../by-hand.ts'
import { BUYER } from './accounts.ts'
import { drafts } from './drafts.ts'

type Accepted = { agreement_id: string; license_arn: string }

export function deedsOf(ground: Ground, connector: Connector, stranger: () => Promise<Connection>): Deeds {
  const { control, move } = ground
  async function accept(offer_id: string): Promise<Bought> {
    const { agreement_id } = await control<Accepted>(`/aws/buyers/${BUYER}/accept`, { offer_id })
    return { agreement_id, buyer: BUYER }
  }
  async function token({ agreement_id, buyer }: Bought): Promise<string> {
    const registered = await control<{ registration_token: string }>(`/aws/buyers/${buyer}/register`, {
      agreement_id,
    })
    return registered.registration_token
  }
  return {
    beginSelling: async () => undefined,
    publish: nobody,
    authorize: nobody,
    resellerOffer: nobody,
    restrict: nobody,
    accept,
    acceptResold: accept,
    async acceptPayable(offer_id) {
      const variable_payment = { maximum: '100000', approval: 'WAIT_FOR_APPROVAL' }
      const path = `/aws/buyers/${BUYER}/accept`
      const { agreement_id } = await control<Accepted>(path, { offer_id, variable_payment })
      return { agreement_id, buyer: BUYER }
    },
    async decide({ buyer }, reference, yes) {
      const [kind = '', , id = ''] = reference.split(' ')
      const path = `/aws/buyers/${buyer}/${kind}-requests/${id}`
      await control(path, yes ? { decision: 'approve' } : { decision: 'reject', reason: 'We keep it' })
    },
    token,
    async foreignToken() {
      const seller = await stranger()
      const offer_id = await publicOffer(ground, connector, seller)
      return token(await accept(offer_id))
    },
    outliveToken: () => move({ by: 'PT31M' }),
    async cancel({ agreement_id, buyer }) {
      await control(`/aws/buyers/${buyer}/cancel`, { agreement_id })
    },
    // Nobody asks for another plan on AWS, and nobody but its own checks refuses a listing.
    suspend: unheardOf,
    reinstate: unheardOf,
    product: unheardOf,
    wish: unheardOf,
    spoilListing: async () => undefined,
    async halveBatches() {
      const service = 'meteringmarketplace'
      await control('/faults', {
        cloud: 'aws',
        service,
        operation: 'BatchMeterUsage',
        fault: 'partial_batch',
      })
    },
    settle: () => move({ to: '2026-11-20T12:00:00Z' }),
    settleUsage: () => move({ to: '2026-10-04T00:00:00Z' }),
    nextMonth: () => move({ to: '2027-02-20T12:00:00Z' }),
    async levyTax() {
      await control(`/aws/accounts/${BUYER}`, { tax: { rate: '0.1', liable: 'aws' } }, 'PATCH')
    },
  }
}

/** Another seller's product with its public offer. */
async function publicOffer({ move }: Ground, { listings }: Connector, seller: Connection): Promise<string> {
  const change = await given(listings, 'facet listings').publish(seller, drafts.listing, 'foreign-1')
  if (change.status !== 'accepted') throw new Error('The stranger could not publish')
  await move({ by: 'PT20M' })
  const end = await given(listings, 'facet listings').check(seller, change.reference)
  if (end.status !== 'succeeded') throw new Error('The stranger could not publish')
  return given(end.target.public_offer_id, 'public offer')
}
