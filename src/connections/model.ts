import type {
  Cloud,
  Connection,
  ConnectionField,
  ConnectionTest,
  Connector,
} from '../../connectors/connector.ts'
import { type FieldProblem, Refusal } from '../core/problem.ts'
import type { FacetName } from './capabilities.ts'

/** A connection opened for a call: the connector of its cloud and what it needs. */
export type OpenConnection = { cloud: Cloud; connector: Connector; connection: Connection }

/** A facet of a connector that a use case cannot do without. Throws invalid-input where the cloud has no such thing. */
export function facet<F extends FacetName>(connector: Connector, name: F): NonNullable<Connector[F]> {
  const found = connector[name]
  if (found === undefined) throw new Refusal('invalid-input', `${connector.cloud} has no ${name} here.`)
  return found
}

/** How agreements of a connection are dealt with: settings of ours, on clouds that wait for the seller's word. */
export function fieldsOf({ connectionFields, agreements }: Connector): ConnectionField[] {
  const ours: ConnectionField[] = []
  if (agreements?.activate !== undefined) {
    ours.push({
      name: 'activation',
      title: 'Activation of purchases',
      secret: false,
      required: false,
      pattern: 'automatic|by_hand',
      choices: ['automatic', 'by_hand'],
      help: '"automatic" (if nothing is said) activates a purchase as soon as its buyer has signed up; "by_hand" leaves it to POST /v1/agreements/{id}/activate.',
    })
  }
  if (agreements?.answer !== undefined) {
    ours.push({
      name: 'plan_changes',
      title: 'Buyers who want another plan',
      secret: false,
      required: false,
      pattern: 'accept|reject',
      choices: ['accept', 'reject'],
      help: 'What buyers who ask for another plan or quantity are answered; "accept" if nothing is said.',
    })
  }
  return [...connectionFields, ...ours]
}

/** A connection as it is shown: its credentials never are. */
export type ShownConnection = {
  id: string
  cloud: Cloud
  name: string
  account_id: string
  settings: Record<string, string>
  tested_at: string | null
  test_result: ConnectionTest[] | null
  created_at: string
}

export type ConnectionDraft = {
  cloud: Cloud
  name: string
  account_id: string
  credentials: Record<string, string>
  settings: Record<string, string>
}

/** Holds a draft against the fields its cloud asks for: missing, unknown, misplaced or misspelt ones. */
export function checkFields(fields: readonly ConnectionField[], draft: ConnectionDraft): FieldProblem[] {
  const problems: FieldProblem[] = []
  for (const place of ['credentials', 'settings'] as const) {
    const wanted = fields.filter((field) => field.secret === (place === 'credentials'))
    for (const field of wanted) {
      const value = draft[place][field.name]
      const at = `${place}.${field.name}`
      if (value === undefined || value === '') {
        if (field.required) problems.push({ field: at, rule: 'is required', fix: field.help })
      } else if (field.pattern !== undefined && !new RegExp(`^(?:${field.pattern})$`).test(value)) {
        problems.push({ field: at, rule: `must match ${field.pattern}`, fix: field.help })
      }
    }
    for (const name of Object.keys(draft[place])) {
      if (wanted.some((field) => field.name === name)) continue
      const known = wanted.map((field) => field.name).join(', ') || 'none'
      problems.push({
        field: `${place}.${name}`,
        rule: 'is not a field of this cloud',
        fix: `Known here: ${known}`,
      })
    }
  }
  return problems
}
