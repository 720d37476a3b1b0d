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

/** What is of an agreement known here needs no other names: only its taxes are looked for. */
export async function knownOf(scope: Scope, lines: readonly StoredLine[]): Promise<Known> {
  const asked = lines.flatMap((line) => {
    const taxed = taxKinds.includes(line.kind)
    const strange = line.agreement_id === null
    if (!taxed && !strange) return []
    return [
      {
        id: line.id,
        connection_id: line.connection_id,
        agreement_id: strange ? line.cloud_agreement_id : null,
        offer_id: strange ? line.cloud_offer_id : null,
        invoice_id: taxed ? line.invoice_id : null,
        reference: line.reference,
        at: line.occurred_at,
      },
    ]
  })
  return {
    names: await agreements.namesById(
      scope,
      lines.map(({ agreement_id }) => agreement_id),
    ),
    described: await describe(scope, asked),
  }
}
