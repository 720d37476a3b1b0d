// What only Google can be asked: our client of its Commerce Producer API beside the official package.
import { claim, equal } from '../../claims.ts'
import type { Scenario } from '../../scenario.ts'

export const ownScenarios: readonly Scenario[] = [
  {
    id: 'offers.official_client',
    title: 'Our client sends for every method what the official package sends',
    needs: ['offers'],
    async run() {
      // Loaded here: the official package takes a second to load, and no other scenario needs it.
      const { cases, openProducers, rpcs } = await import('../../../connectors/gcp/producer-cases.ts')
      const both = await openProducers()
      try {
        equal(rpcs.filter((rpc) => both.has(rpc)).length, 21, 'The number of methods that both have')
        claim(cases.length >= 21, 'There is an input for each')
        for (const [rpc, , input, other] of cases) {
          both.seen.length = 0
          await both.askOfficial(rpc, other)
          // Each input fits its own method: the table is typed by the method's name.
          await both.ours(rpc, input as never)
          equal(both.seen[1], both.seen[0], `The request of ${rpc}`)
        }
      } finally {
        await both.close()
      }
    },
  },
]
