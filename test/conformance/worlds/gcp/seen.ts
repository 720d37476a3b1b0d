// What Google itself took, as the sandbox tells it.
import { DAY_MS, dateOf } from '../../../../src/core/time.ts'
import type { Ground } from '../../ground.ts'
import type { Charge, Seen, SeenOffer } from '../../world.ts'
import { plainAmount } from '../amounts.ts'

type Day = { year: number; month: number; day: number }
type Offer = { name: string; title: string; state: string; acceptDeadlineTime?: Day }
type Usage = { metric: string; start: string; value: string }
type Entitlement = { name: string; state: string; plan: string; newPendingPlan?: string }
type GoogleCharge = { entitlement: string; kind: 'fee' | 'usage'; amount: string }
type Plan = { id: string; status: string }

const states: Record<string, SeenOffer['state']> = { DRAFT: 'draft', PUBLISHED: 'live' }

export function seenOf({ control }: Ground): Seen {
  const plans = () => control<Plan[]>('/gcp/reseller-plans')
  const entitlement = async (id: string) =>
    (await control<Entitlement[]>('/gcp/accepted?kind=entitlements')).find(({ name }) =>
      name.endsWith(`/${id}`),
    )
  return {
    listings: async () =>
      (await control<{ service_name: string }[]>('/gcp/listings')).map(({ service_name }) => service_name),
    offers: async (name) =>
      (await control<Offer[]>('/gcp/accepted?kind=offers'))
        .filter(({ title }) => title === name)
        .map((offer) => ({
          id: offer.name.split('/').at(-1) ?? '',
          state: states[offer.state] ?? 'over',
          last_day: lastDayOf(offer.acceptDeadlineTime),
        })),
    authorizations: async () => (await plans()).map(({ id }) => id),
    restricted: async (authorization_id) =>
      (await plans()).some(({ id, status }) => id === authorization_id && status.startsWith('CANCEL')),
    visibilityChanges: async () => [],
    usage: async () =>
      (await control<Usage[]>('/gcp/accepted?kind=usage')).map(({ metric, start, value }) => ({
        dimension: metric.split('/').at(-1) ?? '',
        hour: new Date(start).toISOString(),
        quantity: value,
      })),
    active: async (id) => (await entitlement(id))?.state === 'ENTITLEMENT_ACTIVE',
    async plan(id) {
      const found = await entitlement(id)
      const waits = found?.state === 'ENTITLEMENT_PENDING_PLAN_CHANGE'
      return (waits ? found?.newPendingPlan : found?.plan) ?? ''
    },
    async charges(agreement_id) {
      const all = await control<GoogleCharge[]>('/gcp/charges')
      return all
        .filter((charge) => charge.entitlement === agreement_id)
        .map(
          ({ kind, amount }): Charge => ({
            what: kind === 'usage' ? 'usage' : 'fixed',
            amount: plainAmount(amount),
          }),
        )
    },
  }
}

/** The deadline is the moment after the last day. */
function lastDayOf(deadline: Day | undefined): string | null {
  if (deadline === undefined) return null
  const { year, month, day } = deadline
  return dateOf(new Date(Date.UTC(year, month - 1, day) - DAY_MS))
}
