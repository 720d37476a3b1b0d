// Every call that the connector of AWS can make, under every mishap: a call without a row here fails.
import type { Connector } from '../../../../../connectors/connector.ts'
import { surviveAll } from '../../../calls/trials.ts'
import { equal } from '../../../claims.ts'
import { type Capability, facets, type Scenario } from '../../../scenario.ts'
import { dealRows } from './deals.ts'
import { offerSetRows } from './offer-sets.ts'
import { sellingRows } from './selling.ts'

const rows = [...sellingRows, ...offerSetRows, ...dealRows]

/** These look at what they are given and ask nobody. */
const quiet = [
  'offers.examine',
  'syndication.examine',
  'syndication.examineOffer',
  'settlements.recognise',
  'settlements.parse',
]

function callsOf(connector: Connector): string[] {
  const found = facets.flatMap((facet) => methodsIn(facet, connector[facet]))
  return ['test', ...found].filter((name) => !quiet.includes(name)).sort()
}

/** The methods of a facet and of what lies inside it, such as offers.sets.create. */
function methodsIn(place: string, value: unknown): string[] {
  if (typeof value === 'function') return [place]
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([name, inner]) => methodsIn(`${place}.${name}`, inner))
}

/** "requests.send: refund" is a call of requests.send. */
const callOf = (name: string) => name.split(':')[0] ?? name
const idOf = (name: string) => name.replaceAll(/: /g, '_')

export const callScenarios: readonly Scenario[] = [
  {
    id: 'faults.calls.known',
    title: 'Every call of the connector has its row of mishaps',
    async run({ connector }) {
      equal([...new Set(rows.map(({ name }) => callOf(name)))].sort(), callsOf(connector), 'The calls')
    },
  },
  ...rows.map(
    (row): Scenario => ({
      id: `faults.calls.${idOf(row.name)}`,
      title: `${row.name}: whatever happens on the way, it is told, may be tried again, and is done once`,
      needs: row.name === 'test' ? [] : [facetOfRow(row.name)],
      async run(market) {
        await surviveAll(market, row)
      },
    }),
  ),
]

function facetOfRow(name: string): Capability {
  const found = facets.find((facet) => name.startsWith(`${facet}.`))
  if (found === undefined) throw new Error(`"${name}" is of no facet`)
  return found
}
