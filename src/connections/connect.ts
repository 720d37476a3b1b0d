import { z } from 'zod'
import type { Connector } from '../../connectors/connector.ts'
import type { Context } from '../context.ts'
import { invalid, Refusal } from '../core/problem.ts'
import type { Scope } from '../store/index.ts'
import { schedule } from '../work/index.ts'
import { withMade } from './made.ts'
import { type ConnectionDraft, checkFields, fieldsOf, type ShownConnection } from './model.ts'
import { findRow, insert, toShown, updateRow } from './store.ts'

type Parts = Pick<Context, 'connectors' | 'seal'>

/** Connects a seller account: checks the fields, seals the credentials, and starts the pulls that follow it. */
export async function connect(
  context: Parts,
  scope: Scope,
  given: ConnectionDraft,
): Promise<ShownConnection> {
  const connector = checked(context, given)
  const settings = await withMade(connector, scope.organisation_id, given.settings)
  const draft = { ...given, settings }
  checkAccount(connector, draft.account_id)
  const id = scope.id('connection')
  const row = await insert(scope, { id, ...draft, sealed_credentials: await seal(context, scope, id, draft) })
  await startPulls(scope, connector, id, draft.settings)
  return toShown(row)
}

const fields = z.record(z.string(), z.string())
const connectionChange = z.strictObject({
  name: z.string().optional(),
  credentials: fields.optional(),
  settings: fields.optional(),
})
export type ConnectionChange = z.infer<typeof connectionChange>

/** Renames a connection, replaces its credentials, or its settings. What a change leaves out stays as it is. */
export async function changeConnection(
  context: Parts,
  scope: Scope,
  id: string,
  change: ConnectionChange,
): Promise<{ before: ShownConnection; after: ShownConnection }> {
  const shown = toShown(await findRow(scope, id))
  const { cloud, account_id } = shown
  const draft = {
    cloud,
    account_id,
    name: change.name ?? shown.name,
    settings: change.settings ?? shown.settings,
    credentials: change.credentials ?? {},
  }
  const connector = checked(context, draft, change.credentials !== undefined)
  const settings = await withMade(connector, scope.organisation_id, draft.settings)
  const sealed = change.credentials === undefined ? undefined : await seal(context, scope, id, draft)
  const row = await updateRow(scope, id, { name: draft.name, settings, sealed_credentials: sealed })
  await startPulls(scope, connector, id, settings)
  return { before: shown, after: toShown(row) }
}

/** The handler of `connections.change_credentials`. */
export function changeCredentials(context: Parts) {
  return (scope: Scope, request: unknown) => {
    const { id, ...change } = connectionChange.extend({ id: z.string() }).parse(request)
    return changeConnection(context, scope, id, change)
  }
}

/** The connector of a draft whose fields are all right. Kept credentials are not looked at again. */
function checked(context: Parts, draft: ConnectionDraft, with_credentials = true): Connector {
  const connector = context.connectors[draft.cloud]
  if (connector === undefined) {
    const fix = `Built in: ${Object.keys(context.connectors).join(', ')}`
    throw new Refusal('invalid-input', `This installation has no connector for ${draft.cloud}.`, [
      { field: 'cloud', rule: 'has no connector in this installation', fix },
    ])
  }
  const fields = fieldsOf(connector).filter((field) => with_credentials || !field.secret)
  const problems = checkFields(fields, draft)
  const first = problems[0]
  if (first) throw new Refusal('invalid-input', `${first.field}: ${first.rule}.`, problems)
  return connector
}

/** Throws invalid-input for an account that cannot be one of this cloud. */
function checkAccount({ guide: { account } }: Connector, account_id: string): void {
  if (account.pattern === undefined || new RegExp(`^(?:${account.pattern})$`).test(account_id)) return
  throw invalid('account_id', `must match ${account.pattern}`, account.help)
}

function seal(context: Parts, scope: Scope, id: string, { credentials }: ConnectionDraft): Promise<string> {
  return context.seal.seal(JSON.stringify(credentials), [scope.organisation_id, id])
}

async function startPulls(
  scope: Scope,
  connector: Connector,
  id: string,
  settings: Record<string, string>,
): Promise<void> {
  if (connector.agreements) await schedule(scope, { kind: 'agreements.pull', key: id })
  // Without settings there is no place to look for files: they are brought by hand.
  if (connector.settlements && Object.keys(settings).length > 0) {
    await schedule(scope, { kind: 'settlement.pull', key: id })
  }
}
