// What AWS itself took, as the sandbox tells it.
import type { Ground } from '../../ground.ts'
import type { Charge, Seen, SeenOffer } from '../../world.ts'
import { plainAmount } from '../amounts.ts'
import { VENDOR } from './accounts.ts'

type Offer = {
  id: string
  name?: string
  state: string
  product_id: string
  buyer_accounts?: string[]
  availability_end_date?: string
}
type ChangeSet = {
  status: string
  entity_ids: string[]
  changes: { ChangeType: string; Details?: unknown }[]
}
type Usage = { dimension: string; hour: string; quantity: number }
type Agreement = { id: string; status: string }
type Invoice = { agreement_id: string; kind: string; lines: { amount: string; dimension?: string }[] }

export function seenOf({ control, now }: Ground): Seen {
  const offers = () => control<Offer[]>('/aws/accepted?kind=offers')
  const changeSets = () => control<ChangeSet[]>('/aws/accepted?kind=change_sets')
  const agreement = async (id: string) =>
    (await control<Agreement[]>('/aws/accepted?kind=agreements')).find((item) => item.id === id)
  return {
    async listings() {
      const own = await control<Offer[]>(`/aws/accepted?kind=offers&account_id=${VENDOR}`)
      return own.filter((item) => item.buyer_accounts === undefined).map(({ product_id }) => product_id)
    },
    async offers(name) {
      const today = now().toISOString().slice(0, 10)
      return (await offers())
        .filter((item) => item.name === name && item.buyer_accounts !== undefined)
        .map((item) => ({
          id: item.id,
          state: stateOf(item, today),
          last_day: item.availability_end_date ?? null,
        }))
    },
    async authorizations() {
      const done = (await changeSets()).filter(({ status }) => status === 'SUCCEEDED')
      const ids = done.flatMap(({ entity_ids }) => entity_ids.filter((id) => id.startsWith('resaleauthz-')))
      return [...new Set(ids)]
    },
    restricted: async (authorization_id) =>
      (await changeSets()).some(
        ({ status, entity_ids, changes }) =>
          status === 'SUCCEEDED' &&
          entity_ids.includes(authorization_id) &&
          changes.some(({ ChangeType }) => ChangeType === 'RestrictResaleAuthorization'),
      ),
    visibilityChanges: async (product_id) =>
      (await changeSets())
        .filter(({ status, entity_ids }) => status === 'SUCCEEDED' && entity_ids.includes(product_id))
        .flatMap(({ changes }) => changes)
        .filter(({ ChangeType }) => ChangeType === 'UpdateVisibility')
        .map(({ Details }) => Details),
    usage: async () =>
      (await control<Usage[]>('/aws/accepted?kind=usage')).map(({ dimension, hour, quantity }) => ({
        dimension,
        hour: new Date(hour).toISOString(),
        quantity: String(quantity),
      })),
    active: async (id) => (await agreement(id))?.status === 'ACTIVE',
    plan: async () => '',
    async charges(agreement_id) {
      const invoices = await control<Invoice[]>('/aws/invoices')
      return invoices
        .filter((invoice) => invoice.agreement_id === agreement_id)
        .flatMap(({ kind, lines }) =>
          lines.map(
            ({ amount }): Charge => ({
              what: kind === 'USAGE' ? 'usage' : 'fixed',
              amount: plainAmount(amount),
            }),
          ),
        )
    },
  }
}

function stateOf({ state, availability_end_date }: Offer, today: string): SeenOffer['state'] {
  if (state !== 'Released') return 'draft'
  return availability_end_date !== undefined && availability_end_date < today ? 'over' : 'live'
}
