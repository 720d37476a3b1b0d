import { z } from 'zod'
import { type Cloud, clouds } from '../../connectors/connector.ts'
import { Refusal } from '../core/problem.ts'
import { type Prisma, type Scope, type Store, toJson } from '../store/index.ts'
import type { ConnectionDraft, ShownConnection } from './model.ts'

export type ConnectionRow = Prisma.connectionGetPayload<Record<string, never>>

const cloudColumn = z.enum(clouds)
const tests = z.array(
  z.object({ permission: z.string(), ok: z.boolean(), detail: z.string(), fix: z.string().exactOptional() }),
)

export function toShown(row: ConnectionRow): ShownConnection {
  return {
    id: row.id,
    cloud: cloudColumn.parse(row.cloud),
    name: row.name,
    account_id: row.account_id,
    settings: z.record(z.string(), z.string()).parse(row.settings),
    tested_at: row.tested_at?.toISOString() ?? null,
    test_result: row.test_result === null ? null : tests.parse(row.test_result),
    created_at: row.created_at.toISOString(),
  }
}

export async function insert(
  scope: Scope,
  draft: ConnectionDraft & { id: string; sealed_credentials: string },
): Promise<ConnectionRow> {
  const { organisation_id, tx } = scope
  const same = { organisation_id, cloud: draft.cloud, account_id: draft.account_id }
  const known = await tx.connection.findUnique({ where: { organisation_id_cloud_account_id: same } })
  if (known !== null) {
    throw new Refusal(
      'conflict',
      `Account ${draft.account_id} is connected already as ${known.id} ("${known.name}").`,
    )
  }
  const { credentials: _, settings, ...columns } = draft
  return tx.connection.create({
    data: { organisation_id, ...columns, settings: toJson(settings), created_at: scope.now() },
  })
}

export async function updateRow(
  scope: Scope,
  id: string,
  change: { name: string; settings: Record<string, string>; sealed_credentials: string | undefined },
): Promise<ConnectionRow> {
  const { name, settings, sealed_credentials } = change
  return scope.tx.connection.update({
    where: { organisation_id_id: { organisation_id: scope.organisation_id, id } },
    data: {
      name,
      settings: toJson(settings),
      // What was tested is not what stands now.
      ...(sealed_credentials === undefined ? {} : { sealed_credentials, tested_at: null }),
    },
  })
}

export async function findRow(scope: Scope, id: string): Promise<ConnectionRow> {
  const { organisation_id, tx } = scope
  const row = await tx.connection.findUnique({ where: { organisation_id_id: { organisation_id, id } } })
  if (row === null) throw new Refusal('not-found', `There is no connection ${id}.`)
  return row
}

/** One connection as it is shown. Throws not-found. */
export async function findShown(scope: Scope, id: string): Promise<ShownConnection> {
  return toShown(await findRow(scope, id))
}

export async function findRows(scope: Scope): Promise<(ConnectionRow & { cloud: Cloud })[]> {
  const rows = await scope.tx.connection.findMany({
    where: { organisation_id: scope.organisation_id },
    orderBy: { id: 'asc' },
  })
  return rows.map((row) => ({ ...row, cloud: cloudColumn.parse(row.cloud) }))
}

/** Whose connection this is: for doors where the outside names only the connection (webhooks, sign-up pages). */
export async function tenantOf(store: Store, connection_id: string): Promise<string | undefined> {
  const row = await store.inInstallation(({ tx }) =>
    tx.connection.findUnique({ where: { id: connection_id }, select: { organisation_id: true } }),
  )
  return row?.organisation_id
}

export async function keepTest(scope: Scope, id: string, result: unknown): Promise<ConnectionRow> {
  return scope.tx.connection.update({
    where: { organisation_id_id: { organisation_id: scope.organisation_id, id } },
    data: { tested_at: scope.now(), test_result: toJson(result) },
  })
}
