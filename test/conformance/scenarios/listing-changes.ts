// A listing that is changed, shown and hidden, and held against what the cloud shows of it.
import type { Change, ListedAt, ListingDraft } from '../../../connectors/connector.ts'
import { claim, equal, faultOf, given, holds, show } from '../claims.ts'
import { facet, finished } from '../deal.ts'
import type { Scenario } from '../scenario.ts'
import type { Market } from '../world.ts'
import { parts, withDimension } from './listing-parts.ts'

/** Publishes the draft and says where it stands. */
async function standing(market: Market, draft: ListingDraft = market.drafts.listing): Promise<ListedAt> {
  const listings = facet(market, 'listings')
  const change = await listings.publish(market.vendor, draft, 'publish-1')
  const end = await finished(market, change, (reference) => listings.check(market.vendor, reference))
  claim(end.status === 'succeeded', `It is published: ${show(end)}`)
  const { product_id, public_offer_id = null } = end.target
  return { product_id: given(product_id, 'product_id'), public_offer_id }
}

async function updated(
  market: Market,
  at: ListedAt,
  drafts: { before: ListingDraft; after: ListingDraft },
  key = 'update-1',
): Promise<Change> {
  const listings = facet(market, 'listings')
  const change = await given(listings.update, 'method update')(market.vendor, at, drafts, key)
  return finished(market, change, (reference) => listings.check(market.vendor, reference))
}

async function shown(
  market: Market,
  at: ListedAt,
  visibility: 'public' | 'restricted',
  replacement?: string,
) {
  const listings = facet(market, 'listings')
  const wanted = { visibility, replacement_product_id: replacement ?? null }
  const change = await given(listings.setVisibility, 'method')(
    market.vendor,
    at,
    wanted,
    `show-${visibility}`,
  )
  const end = await finished(market, change, (reference) => listings.check(market.vendor, reference))
  claim(end.status === 'succeeded', `It is made ${visibility}: ${show(end)}`)
  return (await listings.read(market.vendor, at.product_id)).state
}

async function compared(market: Market, at: ListedAt, draft: ListingDraft) {
  const { compare } = facet(market, 'listings')
  return given(compare, 'method compare')(market.vendor, at, draft)
}

const changeScenarios: Scenario[] = parts.flatMap(({ name, words, change, drift }): Scenario[] => [
  {
    id: `listings.update.${name}`,
    title: `When it is changed, the cloud shows ${words} as the draft says`,
    needs: ['listings', 'listings.update', 'listings.compare'],
    async run(market) {
      const before = market.drafts.listing
      const after = change(before)
      const at = await standing(market, before)
      equal((await compared(market, at, before)).differences, [], 'What differs before')
      const end = await updated(market, at, { before, after })
      claim(end.status === 'succeeded', `It is changed: ${show(end)}`)
      equal((await compared(market, at, after)).differences, [], 'What differs from the new draft')
    },
  },
  {
    id: `listings.drift.${name}`,
    title: `When somebody else changed it at the cloud, it is seen by ${words}`,
    needs: ['listings', 'listings.update', 'listings.compare'],
    async run(market) {
      const before = market.drafts.listing
      const at = await standing(market, before)
      await updated(market, at, { before, after: change(before) }, 'somebody-else')
      const { differences, theirs } = await compared(market, at, before)
      holds(differences, drift, 'What differs')
      equal((await compared(market, at, theirs)).differences, [], "What differs from the cloud's own draft")
    },
  },
])

export const listingChangeScenarios: Scenario[] = [
  ...changeScenarios,
  {
    id: 'listings.update_all',
    title: 'Everything that may change is changed in one request',
    needs: ['listings', 'listings.update', 'listings.compare'],
    async run(market) {
      const before = market.drafts.listing
      const after = parts.reduce((draft, { change }) => change(draft), before)
      const at = await standing(market, before)
      const sent = market.calls.length
      const end = await updated(market, at, { before, after })
      claim(end.status === 'succeeded', `It is changed: ${show(end)}`)
      equal((await compared(market, at, after)).differences, [], 'What differs')
      const { operation } = market.writes['listings.publish'][0] ?? {}
      const writes = market.calls.slice(sent).filter(({ call }) => call === operation)
      equal(writes.length, 1, 'The number of requests that change something')
    },
  },
  {
    id: 'listings.update_nothing',
    title: 'Where nothing differs nothing is sent',
    needs: ['listings', 'listings.update'],
    async run(market) {
      const draft = market.drafts.listing
      const at = await standing(market, draft)
      const sent = market.calls.length
      const end = await updated(market, at, { before: draft, after: draft })
      claim(end.status === 'succeeded', `It is as it should be: ${show(end)}`)
      const { operation } = market.writes['listings.publish'][0] ?? {}
      equal(market.calls.slice(sent).filter(({ call }) => call === operation).length, 0, 'What is sent')
    },
  },
  {
    id: 'listings.update_again',
    title: 'The same change with the same key is one change',
    needs: ['listings', 'listings.update'],
    async run(market) {
      const before = market.drafts.listing
      const after = { ...before, title: 'Ledger Cloud Two' }
      const at = await standing(market, before)
      const ends = [
        await updated(market, at, { before, after }),
        await updated(market, at, { before, after }),
      ]
      claim(ends[0]?.status === 'succeeded' && ends[1]?.status === 'succeeded', show(ends))
      equal(ends[0].reference, ends[1].reference, 'The two references')
    },
  },
  {
    id: 'listings.update_unit',
    title: 'The unit of a dimension stays, and it is said why before anything is sent',
    needs: ['listings', 'listings.update'],
    async run(market) {
      const before = market.drafts.listing
      const at = await standing(market, before)
      const end = await updated(market, at, { before, after: withDimension(before, 'calls', { unit: 'GB' }) })
      claim(end.status === 'failed', `It is refused: ${show(end)}`)
      holds(
        end.problems,
        [{ code: 'UNIT_IS_FIXED', field: 'dimensions.calls.unit', plain: /\w/ }],
        'The problems',
      )
    },
  },
  {
    id: 'listings.drift.missing',
    title: 'A dimension of ours that the cloud lacks stops its usage',
    needs: ['listings', 'listings.compare'],
    async run(market) {
      const draft = market.drafts.listing
      const at = await standing(market, draft)
      const scans = {
        key: 'scans',
        name: 'Scans',
        description: 'Pages',
        unit: 'Units',
        kind: 'metered' as const,
      }
      const { differences } = await compared(market, at, {
        ...draft,
        dimensions: [...draft.dimensions, scans],
      })
      const stops = { dimension: 'scans', reason: 'missing' }
      holds(
        differences,
        [{ field: 'dimensions.scans', ours: 'metered', theirs: null, stops }],
        'What differs',
      )
    },
  },
  {
    id: 'listings.drift.other_kind',
    title: 'A dimension that is sold there and metered here stops its usage',
    needs: ['listings', 'listings.compare'],
    async run(market) {
      const draft = market.drafts.listing
      const at = await standing(market, draft)
      const { differences } = await compared(market, at, withDimension(draft, 'seats', { kind: 'metered' }))
      const stops = { dimension: 'seats', reason: 'other_kind' }
      const found = differences.find(({ field }) => field === 'dimensions.seats')
      holds(found, { ours: 'metered', theirs: 'entitled', stops }, 'What differs')
    },
  },
  {
    id: 'listings.drift.gone',
    title: 'A listing that is gone is told as not found',
    needs: ['listings', 'listings.compare'],
    async run(market) {
      const at = { product_id: market.expected.unknown_product, public_offer_id: null }
      await faultOf(() => compared(market, at, market.drafts.listing), ['not_found'])
    },
  },
  {
    id: 'listings.public',
    title: 'A listing is made public, and reads so',
    needs: ['listings', 'listings.setVisibility'],
    async run(market) {
      equal(await shown(market, await standing(market), 'public'), 'public', 'The state')
    },
  },
  {
    id: 'listings.restricted',
    title: 'A listing is restricted, with the product that takes its place',
    needs: ['listings', 'listings.setVisibility'],
    async run(market) {
      const at = await standing(market)
      const listings = facet(market, 'listings')
      const draft = { ...market.drafts.listing, title: 'Ledger Cloud Two' }
      const change = await listings.publish(market.vendor, draft, 'publish-2')
      const other = await finished(market, change, (reference) => listings.check(market.vendor, reference))
      const replacement = other.status === 'succeeded' ? given(other.target.product_id, 'product_id') : ''
      await shown(market, at, 'public')
      await shown(market, { product_id: replacement, public_offer_id: null }, 'public')
      equal(await shown(market, at, 'restricted', replacement), 'restricted', 'The state')
      const sent = await market.seen.visibilityChanges(at.product_id)
      holds(
        sent.at(-1),
        { TargetVisibility: 'Restricted', ReplacementProductId: replacement },
        'What was taken',
      )
    },
  },
]
