// What people call the things that lines are about: by our own nouns, and by what the cloud's files tell.
import * as agreements from '../agreements/index.ts'
import { describe } from '../descriptions/index.ts'
import type { Described } from '../descriptions/model.ts'
import type { Scope } from '../store/index.ts'
import type { AnyLineKind } from './model.ts'
import type { StoredLine } from './store.ts'

/** The names of agreements by our ids, and what the cloud tells of each line by the line's. */
export type Known = {
  names: ReadonlyMap<string, string>
  described: ReadonlyMap<string, Described>
}

const taxKinds: readonly AnyLineKind[] = ['tax', 'tax_remitted_by_cloud']

export async function knownOf(scope: Scope, lines: readonly StoredLine[]): Promise<Known> {
  const asked = lines.map((line) => ({
    id: line.id,
    connection_id: line.connection_id,
    agreement_id: line.cloud_agreement_id,
    offer_id: line.cloud_offer_id,
    invoice_id: taxKinds.includes(line.kind) ? line.invoice_id : null,
    reference: line.reference,
    at: line.occurred_at,
  }))
  return {
    names: await agreements.namesById(
      scope,
      lines.map(({ agreement_id }) => agreement_id),
    ),
    described: await describe(scope, asked),
  }
}
