// Listings: published once, read back, refused in words.
import { claim, equal, faultOf, given, holds, show } from '../claims.ts'
import { claimWholeTask, facet, finished, listed } from '../deal.ts'
import type { Scenario } from '../scenario.ts'

export const listingScenarios: Scenario[] = [
  {
    id: 'listings.publish',
    title: 'A listing is published, and the cloud has it once',
    needs: ['listings'],
    async run(market) {
      const { product_id } = await listed(market)
      claim(market.expected.product_id.test(product_id), `The id is one of the cloud's: ${product_id}`)
      equal((await market.seen.listings()).length, 1, 'The number of listings at the cloud')
    },
  },
  {
    id: 'listings.read',
    title: 'A listing reads back with its state and its dimensions',
    needs: ['listings'],
    async run(market) {
      const { product_id } = await listed(market)
      const read = await facet(market, 'listings').read(market.vendor, product_id)
      equal(read.product_id, product_id, 'The id')
      const { state, metered, entitled } = market.expected.listing
      equal(read.state, state, 'The state')
      const kept = read.dimensions.filter(({ kind }) => kind === 'metered')
      holds(kept, metered, 'The dimensions of usage')
      const sold = read.dimensions.filter(({ kind }) => kind === 'entitled')
      equal(
        sold.map(({ name }) => name),
        entitled,
        'The dimensions that are sold',
      )
      claim(read.evidence.received !== undefined, 'What was received is kept')
    },
  },
  {
    id: 'listings.publish_again',
    title: 'The same listing with the same key is the same listing',
    needs: ['listings', 'listings.publish'],
    async run(market) {
      const first = await listed(market, 'publish-1')
      const listings = facet(market, 'listings')
      const again = await listings.publish(market.vendor, market.drafts.listing, 'publish-1')
      const end = await finished(market, again, (reference) => listings.check(market.vendor, reference))
      claim(end.status === 'succeeded', `It is published: ${show(end)}`)
      equal(end.target.product_id, first.product_id, 'The product')
      equal((await market.seen.listings()).length, 1, 'The number of listings at the cloud')
    },
  },
  {
    id: 'listings.unpriced',
    title: 'A listing that the cloud cannot have is refused before anything is sent, with the field',
    needs: ['listings', 'listings.publish'],
    async run(market) {
      const { connector, vendor, expected, calls, drafts } = market
      const { draft, code, field } = expected.impossible_listing
      const change = await given(connector.listings, 'facet').publish(
        vendor,
        { ...drafts.listing, ...draft },
        'publish-1',
      )
      claim(change.status === 'failed', `It is refused: ${show(change)}`)
      holds(change.problems, [{ code, field, plain: /\w/ }], 'The problems')
      equal(calls.length, 0, 'The number of requests')
    },
  },
  {
    id: 'listings.unknown_option',
    title: 'An option that nobody knows is refused by its name and never ignored',
    needs: ['listings'],
    async run({ connector, vendor, drafts, calls }) {
      const draft = { ...drafts.listing, options: { ...drafts.listing.options, colour: 'red' } }
      const change = await given(connector.listings, 'facet').publish(vendor, draft, 'publish-1')
      claim(change.status === 'failed', `It is refused: ${show(change)}`)
      claim(show(change.problems).includes('colour'), `The option is named: ${show(change.problems)}`)
      equal(calls.length, 0, 'The number of requests')
    },
  },
  {
    id: 'listings.refused',
    title: 'What the cloud refuses is told in its words and in ours, and nothing is listed',
    needs: ['listings', 'listings.publish'],
    async run(market) {
      const { vendor, expected, deeds, seen } = market
      const { draft, code, plain } = expected.refused_listing
      const listings = facet(market, 'listings')
      let change = await listings.publish(vendor, draft, 'publish-1')
      if (change.status === 'accepted') {
        await market.move({ by: 'PT20M' })
        change = await listings.check(vendor, change.reference)
        await deeds.spoilListing()
      }
      const end = await finished(market, change, (reference) => listings.check(vendor, reference))
      claim(end.status === 'failed', `It fails: ${show(end)}`)
      holds(end.problems[0], { code, message: /\w/, plain }, 'The problem')
      equal(await seen.listings(), [], 'The listings at the cloud')
    },
  },
  {
    id: 'listings.read_unknown',
    title: 'A listing that is not there is not found',
    needs: ['listings'],
    async run({ connector, vendor, expected }) {
      await faultOf(
        () => given(connector.listings, 'facet').read(vendor, expected.unknown_product),
        ['not_found', 'invalid'],
      )
    },
  },
  {
    id: 'listings.read_foreign',
    title: 'Another seller does not read the draft of our listing',
    needs: ['listings'],
    async run(market) {
      const { product_id } = await listed(market)
      const other = await market.stranger()
      await faultOf(() => facet(market, 'listings').read(other, product_id), ['not_found', 'forbidden'])
    },
  },
  {
    id: 'listings.by_hand',
    title: 'What a person must do is a whole task: title, steps, and what to bring back',
    needs: ['listings', 'listings.by_hand'],
    async run(market) {
      const { vendor, drafts, seen, connector } = market
      const listings = given(connector.listings, 'facet')
      const change = await listings.publish(vendor, drafts.listing, 'publish-1')
      claim(change.status === 'human', `It is a person's: ${show(change)}`)
      claimWholeTask(change.task)
      const steps = change.task.steps.join('\n')
      for (const word of [drafts.listing.fulfilment_url, ...drafts.listing.dimensions.map(({ key }) => key)])
        claim(steps.includes(word), `The steps name ${word}`)
      const still = await listings.check(vendor, 'publish-1')
      claim(still.status === 'human', `Asked again, it is still a person's: ${show(still)}`)
      claimWholeTask(still.task)
      market.by_hand.push({ facet: 'listings', task: change.task })
      equal(await seen.listings(), [], 'The listings at the cloud')
    },
  },
]
