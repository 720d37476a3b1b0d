// The table of what each marketplace has an interface for, computed from the connectors themselves: a facet or an optional
// method that is there is a capability, and what a person does is told by the facet's `by_hand`.
import { awsConnector } from '../../connectors/aws/index.ts'
import { azureConnector } from '../../connectors/azure/index.ts'
import { type Cloud, type Connector, clouds } from '../../connectors/connector.ts'
import { gcpConnector } from '../../connectors/gcp/index.ts'
import { seededRandom } from '../../src/core/random.ts'
import { wallClock } from '../../src/core/time.ts'
import type { FacetName } from './scenario.ts'

type Row = { words: string; facet: FacetName; methods: readonly string[] }

export const rows: readonly Row[] = [
  { words: 'Publish a listing', facet: 'listings', methods: ['publish'] },
  { words: 'Make, move and withdraw private offers', facet: 'offers', methods: ['create', 'expire'] },
  {
    words: 'Open a product to a reseller, and close it',
    facet: 'syndication',
    methods: ['authorize', 'restrict'],
  },
  { words: 'Make an offer as the reseller', facet: 'syndication', methods: ['createOffer'] },
  { words: 'Follow agreements, greet buyers', facet: 'agreements', methods: ['pull', 'resolve'] },
  { words: 'Activate a purchase that waits for the seller', facet: 'agreements', methods: ['activate'] },
  { words: "Answer a buyer's wish for another plan", facet: 'agreements', methods: ['answer'] },
  { words: 'Read the quantities behind a licence', facet: 'agreements', methods: ['entitlements'] },
  { words: 'Report usage', facet: 'metering', methods: ['report'] },
  { words: 'Import reports about money', facet: 'settlements', methods: ['pull', 'parse'] },
  { words: 'Read how its reports name dimensions', facet: 'settlements', methods: ['dimensions'] },
  { words: 'Take messages, once proved', facet: 'webhooks', methods: ['verify'] },
  { words: 'Confirm where messages are sent', facet: 'webhooks', methods: ['confirm'] },
]

/** The connectors without any way out: only what they are is looked at. */
export function connectors(): Record<Cloud, Connector> {
  const parts = {
    fetch: () => Promise.reject(new Error('Nothing is asked')),
    clocks: { business: wallClock, wall: wallClock },
    random: seededRandom(1),
  }
  return {
    aws: awsConnector({ ...parts, config: { region: 'us-east-1', endpoints: {} } }),
    azure: azureConnector({ ...parts, config: { endpoints: {} } }),
    gcp: gcpConnector({ ...parts, config: { endpoints: {} } }),
  }
}

type Cell = 'yes' | 'by hand' | '–'

function cellOf(connector: Connector, { facet, methods }: Row): Cell {
  const found = connector[facet]
  if (found === undefined || methods.some((method) => typeof Reflect.get(found, method) !== 'function'))
    return '–'
  const by_hand: readonly string[] = 'by_hand' in found ? (found.by_hand ?? []) : []
  return methods.some((method) => by_hand.includes(method)) ? 'by hand' : 'yes'
}

/** Methods that one cloud has and another has not. */
export function optionalMethods(all: Readonly<Record<Cloud, Connector>>): string[] {
  const facets = [...new Set(rows.map(({ facet }) => facet))]
  return facets.flatMap((facet) => {
    const methods = clouds.map((cloud) => methodsOf(all[cloud][facet]))
    const names = [...new Set(methods.flat())]
    return names
      .filter((name) => !methods.every((own) => own.includes(name)))
      .map((name) => `${facet}.${name}`)
  })
}

function methodsOf(facet: object | undefined): string[] {
  return Object.entries(facet ?? {}).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []))
}

export function tableOf(all: Readonly<Record<Cloud, Connector>>): string {
  const head = ['| | AWS | Azure | Google |', '|---|---|---|---|']
  const body = rows.map((row) => {
    const cells = clouds.map((cloud) => cellOf(all[cloud], row))
    return `| ${[row.words, ...cells].join(' | ')} |`
  })
  return [...head, ...body].join('\n')
}

const BEGIN = '<!-- capabilities: made by npm run capabilities:make -->'
const END = '<!-- end of capabilities -->'

/** The page with the table of now between its two marks. */
export function withTable(page: string, table: string): string {
  const begin = page.indexOf(BEGIN)
  const end = page.indexOf(END)
  if (begin < 0 || end < begin) throw new Error(`The page needs the marks "${BEGIN}" and "${END}"`)
  return `${page.slice(0, begin)}${BEGIN}\n${table}\n${page.slice(end)}`
}
