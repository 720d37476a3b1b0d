import type { Connector, GuideDocument, GuidePermission, Side } from '../../connectors/connector.ts'
import type { Scope } from '../store/index.ts'
import { withMade } from './made.ts'
import { findShown } from './store.ts'

/** What is known of an account that is being connected. */
export type GuideQuestion = {
  side?: Side | undefined
  connection_id?: string | undefined
  account_id?: string | undefined
  settings?: Record<string, string> | undefined
}

export type Guide = { side: Side; permissions: GuidePermission[]; documents: GuideDocument[] }

/** Which side an organisation sits on: vendors sell, resellers sell what is not theirs. */
export async function sideOf({ tx, organisation_id }: Scope): Promise<Side> {
  const { kind } = await tx.organisation.findUniqueOrThrow({
    where: { id: organisation_id },
    select: { kind: true },
  })
  return kind === 'reseller' ? 'reseller' : 'seller'
}

/** What one side has to allow and to copy. Empty on clouds that do not grant by name. Throws not-found. */
export async function guideFor(
  scope: Scope,
  connector: Connector,
  public_url: string | undefined,
  asked: GuideQuestion,
): Promise<Guide> {
  const { connection_id: id } = asked
  const known = id === undefined ? undefined : await findShown(scope, id)
  const side = asked.side ?? (await sideOf(scope))
  const { connecting } = connector.guide
  if (connecting === undefined) return { side, permissions: [], documents: [] }
  const given = { ...(asked.settings ?? known?.settings ?? {}) }
  const settings = await withMade(connector, scope.organisation_id, given)
  const at = (path: string) =>
    public_url === undefined || id === undefined ? null : `${public_url}${path}/${id}`
  return {
    side,
    permissions: connecting.permissions.filter(({ sides }) => sides.includes(side)),
    documents: connecting.documents({
      side,
      account_id: asked.account_id ?? known?.account_id,
      settings,
      webhook: at('/v1/webhooks'),
      sign_up: at('/sign-up'),
    }),
  }
}
