import { z } from 'zod'
import { invalid, Refusal } from '../core/problem.ts'
import type { Random } from '../core/random.ts'
import { DAY_MS, plus } from '../core/time.ts'
import type { Prisma, Scope, Store } from '../store/index.ts'
import { type Permission, permissionNames } from './permissions.ts'
import { hashOf, makeSecret } from './secret.ts'

/** Days a key may live at most, and lives if nothing is said. */
export const KEY_DAYS_MAX = 366
export const KEY_DAYS_DEFAULT = 90
/** Characters of a key that are kept in the clear, so that people know which one it is. */
const PREFIX_LENGTH = 8
const LAST_LENGTH = 4
/** Its last use is written down at most this often. */
const SEEN_EVERY_MS = 60_000

export type ApiKey = {
  id: string
  name: string
  prefix: string
  last_four: string
  scopes: Permission[]
  created_by: string
  created_at: Date
  expires_at: Date
  revoked_at: Date | null
  last_used_at: Date | null
}

const scopes = z.array(z.enum(permissionNames as [Permission, ...Permission[]]))

function fromRow(row: Prisma.api_keyGetPayload<Record<string, never>>): ApiKey {
  const { organisation_id: _, token_hash: __, ...rest } = row
  return { ...rest, scopes: scopes.parse(row.scopes) }
}

export type KeyDraft = { name: string; scopes: readonly Permission[]; days?: number | undefined }
export type KeyMaker = { id: string; permissions: ReadonlySet<string> }

/**
 * Makes a key; its secret is in the answer and nowhere else. It can do nothing that its maker cannot. Times are wall
 * time. Throws invalid-input.
 */
export async function makeKey(
  { random }: { random: Random },
  scope: Scope,
  maker: KeyMaker,
  { name, scopes: wanted, days = KEY_DAYS_DEFAULT }: KeyDraft,
): Promise<{ key: ApiKey; secret: string }> {
  const beyond = wanted.filter((permission) => !maker.permissions.has(permission))
  if (beyond.length > 0) {
    throw invalid('scopes', `${beyond.join(', ')} is more than you may do yourself`, 'Leave it out')
  }
  const secret = `syn_${makeSecret(random)}`
  const created_at = scope.wall()
  const row = await scope.tx.api_key.create({
    data: {
      organisation_id: scope.organisation_id,
      id: scope.id('key'),
      name,
      token_hash: await hashOf(secret),
      prefix: secret.slice(0, PREFIX_LENGTH),
      last_four: secret.slice(-LAST_LENGTH),
      scopes: [...new Set(wanted)],
      created_by: maker.id,
      created_at,
      expires_at: plus(created_at, days * DAY_MS),
    },
  })
  return { key: fromRow(row), secret }
}

export async function findKeys(scope: Scope): Promise<ApiKey[]> {
  const rows = await scope.tx.api_key.findMany({
    where: { organisation_id: scope.organisation_id },
    orderBy: { id: 'desc' },
  })
  return rows.map(fromRow)
}

/** Ends a key at once; ending it again changes nothing. */
export async function revokeKey(scope: Scope, id: string): Promise<{ before: ApiKey; after: ApiKey }> {
  const where = { organisation_id_id: { organisation_id: scope.organisation_id, id } }
  const row = await scope.tx.api_key.findUnique({ where })
  if (row === null) throw new Refusal('not-found', `There is no API key ${id}.`)
  const before = fromRow(row)
  if (before.revoked_at !== null) return { before, after: before }
  const changed = await scope.tx.api_key.update({ where, data: { revoked_at: scope.wall() } })
  return { before, after: fromRow(changed) }
}

export type HeldKey = Pick<ApiKey, 'id' | 'name' | 'scopes'> & { organisation_id: string; expires_at: Date }

/** The key of a secret's digest, if it may still be used. Writes down, now and then, that it was. */
export async function findHeldKey(store: Store, token_hash: string): Promise<HeldKey | undefined> {
  return store.inInstallation(async ({ tx, wall }) => {
    const row = await tx.api_key.findUnique({ where: { token_hash } })
    if (row === null || row.revoked_at !== null || row.expires_at <= wall()) return undefined
    if (row.last_used_at === null || row.last_used_at < plus(wall(), -SEEN_EVERY_MS)) {
      await tx.$executeRaw`UPDATE api_key SET last_used_at = ${wall()} WHERE token_hash = ${token_hash}`
    }
    const { id, name, organisation_id, expires_at } = row
    return { id, name, organisation_id, expires_at, scopes: scopes.parse(row.scopes) }
  })
}
