// Calls about sets of offers: made, filled and released once, whatever happens on the way.
import type { CallRow } from '../../../calls/trials.ts'
import { given } from '../../../claims.ts'
import { emptySet, filledSet, setDraft, setsOf, twoProducts } from '../own-set-steps.ts'
import { saying, setsTaken } from '../taken.ts'
import { stable } from './selling.ts'

export const offerSetRows: readonly CallRow[] = [
  {
    name: 'offers.sets.create',
    async prepare(market) {
      const { create, check } = setsOf(market)
      return async (number) => {
        const draft = { ...setDraft, name: `Ledger and archive ${number}` }
        return {
          call: () => create(market.vendor, draft, `set-${number}`),
          check: (reference) => check(market.vendor, reference),
          effects: () => saying(market, draft.name),
        }
      }
    },
  },
  {
    name: 'offers.sets.release',
    async prepare(market) {
      const { release, check } = setsOf(market)
      const products = await twoProducts(market)
      return async (number) => {
        const set = await filledSet(market, products, `set-${number}`)
        const ofSet = ({ entity_ids }: { entity_ids: string[] }) => entity_ids.includes(set.offer_set_id)
        return {
          call: () => release(market.vendor, set, `release-${number}`),
          check: (reference) => check(market.vendor, reference),
          async effects() {
            const taken = await setsTaken(market, ofSet)
            return taken.filter(({ changes }) =>
              changes.some(({ ChangeType }) => ChangeType === 'ReleaseOfferSet'),
            ).length
          },
        }
      }
    },
  },
  {
    name: 'offers.sets.check',
    async prepare(market) {
      const { create, check } = setsOf(market)
      await emptySet(market)
      // The same key: the reference of the set that was made.
      const change = await create(market.vendor, setDraft, 'set-1')
      const reference = given(change.status === 'accepted' ? change.reference : null, 'reference')
      return async () => ({ call: () => check(market.vendor, reference), same: stable })
    },
  },
]
