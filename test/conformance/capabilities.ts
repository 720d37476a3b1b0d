// The table of what each marketplace has an interface for, computed from the connectors themselves and the
// service's own list: a facet or an optional
// method that is there is a capability, and what a person does is told by the facet's `by_hand`.
import { awsConnector } from '../../connectors/aws/index.ts'
import { azureConnector } from '../../connectors/azure/index.ts'
import { type Cloud, type Connector, clouds } from '../../connectors/connector.ts'
import { gcpConnector } from '../../connectors/gcp/index.ts'
import { capabilities, type DoneBy, doneBy } from '../../src/connections/capabilities.ts'
import { seededRandom } from '../../src/core/random.ts'
import { wallClock } from '../../src/core/time.ts'

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

const cells: Readonly<Record<DoneBy, string>> = { interface: 'yes', person: 'by hand', nobody: '–' }

/** Methods that one cloud has and another has not. */
export function optionalMethods(all: Readonly<Record<Cloud, Connector>>): string[] {
  const facets = [...new Set(capabilities.map(({ facet }) => facet))]
  return facets.flatMap((facet) => {
    const methods = clouds.map((cloud) => methodsOf(all[cloud][facet]))
    const names = [...new Set(methods.flat())]
    return names
      .filter((name) => !methods.every((own) => own.includes(name)))
      .map((name) => `${facet}.${name}`)
  })
}

/** Looking at a draft asks no cloud, so it is nothing that a cloud can or cannot do. */
const looks = /^examine/

function methodsOf(facet: object | undefined): string[] {
  return Object.entries(facet ?? {}).flatMap(([name, value]) =>
    typeof value === 'function' && !looks.test(name) ? [name] : [],
  )
}

export function tableOf(all: Readonly<Record<Cloud, Connector>>): string {
  const head = ['| | AWS | Azure | Google |', '|---|---|---|---|']
  const body = capabilities.map((capability) => {
    const done = clouds.map((cloud) => cells[doneBy(all[cloud], capability)])
    return `| ${[capability.words, ...done].join(' | ')} |`
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
