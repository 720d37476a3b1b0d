import { z } from 'zod'
import type { Description, DescriptionKind } from '../../connectors/connector.ts'
import type { Scope } from '../store/index.ts'
import type { Kept } from './model.ts'

/**
 * Takes in what a file tells: of each key and validity the latest version stands, whatever the order of the files and
 * however often each comes. What was deleted is kept as such, so that an older version cannot bring it back. Returns how
 * many were new or changed.
 */
export async function insertDescriptions(
  scope: Scope,
  connection_id: string,
  descriptions: readonly Description[],
): Promise<number> {
  if (descriptions.length === 0) return 0
  const rows = descriptions.map(({ values, ...row }) => ({ ...row, told: values }))
  // Two versions of one moment that contradict each other have an order, too: the same one wherever they meet.
  return scope.tx.$executeRaw`
    INSERT INTO description (organisation_id, connection_id, kind, key, valid_from, about, version, deleted, told)
    SELECT DISTINCT ON (d.kind, d.key, d.valid_from) ${scope.organisation_id}, ${connection_id}, d.kind, d.key,
      d.valid_from, d.about, d.version, d.deleted, d.told
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS d (kind text, key text, valid_from timestamptz,
      about text, version text, deleted boolean, told jsonb)
    ORDER BY d.kind, d.key, d.valid_from, d.version COLLATE "C" DESC, d.deleted DESC, d.about COLLATE "C" DESC,
      d.told DESC
    ON CONFLICT (organisation_id, connection_id, kind, key, valid_from) DO UPDATE SET
      about = EXCLUDED.about, version = EXCLUDED.version, deleted = EXCLUDED.deleted, told = EXCLUDED.told
    WHERE (description.version COLLATE "C", description.deleted, description.about COLLATE "C", description.told)
      < (EXCLUDED.version COLLATE "C", EXCLUDED.deleted, EXCLUDED.about COLLATE "C", EXCLUDED.told)`
}

const text = z.string().nullable()
const revision = z.string()
const shared = {
  connection_id: z.string(),
  key: z.string(),
  about: z.string(),
  valid_from: z.date(),
}
const row = z.discriminatedUnion('kind', [
  z.object({ ...shared, kind: z.literal('account'), told: z.object({ name: text, address: text }) }),
  z.object({
    ...shared,
    kind: z.literal('address'),
    told: z.object({ company: text, country: text, region: text, city: text }),
  }),
  z.object({
    ...shared,
    kind: z.literal('agreement'),
    told: z.object({
      offer_id: text,
      seller: text,
      buyer: text,
      state: z.enum(['pending', 'active', 'suspended', 'ended', 'cancelled', 'replaced', 'unknown']),
      cloud_state: z.string(),
      accepted_at: text,
      starts_at: text,
      ends_at: text,
    }),
  }),
  z.object({ ...shared, kind: z.literal('term'), told: z.object({ term: z.string() }) }),
  z.object({ ...shared, kind: z.literal('offer'), told: z.object({ revision, name: text }) }),
  z.object({
    ...shared,
    kind: z.literal('offer_product'),
    told: z.object({ revision, product_id: z.string() }),
  }),
  z.object({ ...shared, kind: z.literal('offer_target'), told: z.object({ revision, account: text }) }),
  z.object({ ...shared, kind: z.literal('product'), told: z.object({ title: text, maker: text }) }),
  z.object({ ...shared, kind: z.literal('alias'), told: z.object({ id: z.string() }) }),
  z.object({
    ...shared,
    kind: z.literal('tax'),
    told: z.object({
      reference: text,
      amount: z.string(),
      currency: z.string(),
      rate: text,
      type: text,
      level: text,
      jurisdiction: text,
      country: text,
      region: text,
      liable: text,
      reason: text,
    }),
  }),
])

/** What is told of some things, every validity of it, the earliest first. `by`: the name that they are asked by. */
export async function findDescriptions(
  { organisation_id, tx }: Scope,
  kinds: readonly DescriptionKind[],
  by: 'about' | 'key',
  names: readonly string[],
): Promise<Kept[]> {
  if (names.length === 0) return []
  const rows = await tx.description.findMany({
    where: { organisation_id, kind: { in: [...kinds] }, [by]: { in: [...new Set(names)] }, deleted: false },
    select: { kind: true, connection_id: true, key: true, about: true, valid_from: true, told: true },
    orderBy: [{ valid_from: 'asc' }, { key: 'asc' }],
  })
  return z.array(row).parse(rows)
}

/** Accounts whose name holds a text, as all else names them. */
export async function accountsNamed(
  { organisation_id, tx }: Scope,
  part: string,
  limit: number,
): Promise<string[]> {
  const rows = await tx.$queryRaw`
    SELECT DISTINCT about FROM description
    WHERE organisation_id = ${organisation_id} AND kind = 'account' AND NOT deleted
      AND position(lower(${part}) in lower(told->>'name')) > 0
    ORDER BY about LIMIT ${limit}`
  return z
    .array(z.object({ about: z.string() }))
    .parse(rows)
    .map(({ about }) => about)
}
