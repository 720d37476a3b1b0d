import type { Context } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import type { Scope } from '../store/index.ts'
import { schedule } from '../work/index.ts'
import { type ConnectionDraft, checkFields, type ShownConnection } from './model.ts'
import { insert, toShown } from './store.ts'

/** Connects a seller account: checks the fields, seals the credentials, and starts the pulls that follow it. */
export async function connect(
  context: Pick<Context, 'connectors' | 'seal'>,
  scope: Scope,
  draft: ConnectionDraft,
): Promise<ShownConnection> {
  const connector = context.connectors[draft.cloud]
  if (connector === undefined) {
    const fix = `Built in: ${Object.keys(context.connectors).join(', ')}`
    throw new Refusal('invalid-input', `This installation has no connector for ${draft.cloud}.`, [
      { field: 'cloud', rule: 'has no connector in this installation', fix },
    ])
  }
  const problems = checkFields(connector.connectionFields, draft)
  const first = problems[0]
  if (first) throw new Refusal('invalid-input', `${first.field}: ${first.rule}.`, problems)
  const id = scope.id('connection')
  const sealed_credentials = await context.seal.seal(JSON.stringify(draft.credentials), [
    scope.organisation_id,
    id,
  ])
  const row = await insert(scope, { id, ...draft, sealed_credentials })
  if (connector.agreements) await schedule(scope, { kind: 'agreements.pull', key: id })
  if (connector.settlements && Object.keys(draft.settings).length > 0)
    await schedule(scope, { kind: 'settlement.pull', key: id })
  return toShown(row)
}
