// What Microsoft's marketplace itself took, as the sandbox tells it.
import type { Ground } from '../../ground.ts'
import type { Charge, Seen, SeenOffer } from '../../world.ts'
import { plainAmount } from '../amounts.ts'

type Offer = {
  id: string
  type: string
  state: string
  sub_state?: string
  document: { name?: string; acceptBy?: string }
}
type Submission = { product: string; target: string; result: string }
type Usage = { dimension: string; hour: string; quantity: string }
type Subscription = { id: string; status: string; plan_id: string }
type Invoice = { subscription_id: string; kind: string; lines: { amount: string }[] }

export function seenOf({ control }: Ground): Seen {
  const offers = async () =>
    (await control<Offer[]>('/azure/accepted?kind=offers')).filter(({ state }) => state !== 'deleted')
  const subscription = async (wanted: string) =>
    (await control<Subscription[]>('/azure/accepted?kind=subscriptions')).find(({ id }) => id === wanted)
  return {
    async listings() {
      const all = await control<Submission[]>('/azure/accepted?kind=submissions')
      const live = all.filter(({ target, result }) => target === 'live' && result === 'succeeded')
      return [...new Set(live.map(({ product }) => product))]
    },
    offers: async (name) =>
      (await offers())
        .filter(({ document }) => document.name?.startsWith(`${name} (`))
        .map((offer) => ({ id: offer.id, state: stateOf(offer), last_day: offer.document.acceptBy ?? null })),
    authorizations: async () =>
      (await offers())
        .filter(({ type, state }) => type === 'multipartyPromotionOriginator' && state === 'live')
        .map(({ id }) => id),
    restricted: async (authorization_id) =>
      (await offers()).some(({ id, state }) => id === authorization_id && state !== 'live'),
    visibilityChanges: async () => [],
    usage: async () =>
      (await control<Usage[]>('/azure/accepted?kind=usage')).map(({ dimension, hour, quantity }) => ({
        dimension,
        hour: new Date(hour).toISOString(),
        quantity,
      })),
    active: async (id) => (await subscription(id))?.status === 'Subscribed',
    plan: async (id) => (await subscription(id))?.plan_id ?? '',
    async charges(agreement_id) {
      const invoices = await control<Invoice[]>('/azure/invoices')
      return invoices
        .filter(({ subscription_id }) => subscription_id === agreement_id)
        .flatMap(({ kind, lines }) =>
          lines.map(
            ({ amount }): Charge => ({
              what: kind === 'USAGE' ? 'usage' : 'fixed',
              amount: plainAmount(amount),
            }),
          ),
        )
        .filter(({ amount }) => amount !== '0')
    },
  }
}

/** Alive is what a customer can take now. */
function stateOf({ state, sub_state }: Offer): SeenOffer['state'] {
  if (state === 'draft') return 'draft'
  if (state !== 'live') return 'over'
  return sub_state === 'pendingAcceptance' ? 'live' : sub_state === 'accepted' ? 'over' : 'draft'
}
