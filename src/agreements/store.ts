import { z } from 'zod'
import { clouds } from '../../connectors/connector.ts'
import { termsSchema } from '../offers/model.ts'
import type { Prisma, Scope } from '../store/index.ts'
import { type Agreement, agreementStates } from './model.ts'

type Row = Prisma.agreementGetPayload<Record<string, never>>

const role = z.enum(['seller', 'manufacturer'])

export function fromRow(row: Row): Agreement {
  return {
    ...row,
    cloud: z.enum(clouds).parse(row.cloud),
    role: role.parse(row.role),
    state: z.enum(agreementStates).parse(row.state),
    terms: termsSchema.parse(row.terms),
    wholesale: row.wholesale === null ? null : termsSchema.parse(row.wholesale),
  }
}

/** One agreement of the tenant by our id. */
export async function find(scope: Scope, id: string): Promise<Agreement | undefined> {
  const { organisation_id, tx } = scope
  const row = await tx.agreement.findUnique({ where: { organisation_id_id: { organisation_id, id } } })
  return row === null ? undefined : fromRow(row)
}

/** Several at once, by our ids; missing ones are missing from the map. */
export async function findMany(scope: Scope, ids: readonly string[]): Promise<Map<string, Agreement>> {
  const rows = await scope.tx.agreement.findMany({
    where: { organisation_id: scope.organisation_id, id: { in: [...ids] } },
  })
  return new Map(rows.map((row) => [row.id, fromRow(row)]))
}

/** Agreements by the cloud's own id, as statements and events name them. */
export async function findByCloudId(
  scope: Scope,
  cloud_agreement_ids: readonly string[],
): Promise<Map<string, Agreement>> {
  const rows = await scope.tx.agreement.findMany({
    where: { organisation_id: scope.organisation_id, cloud_agreement_id: { in: [...cloud_agreement_ids] } },
  })
  return new Map(rows.map((row) => [row.cloud_agreement_id, fromRow(row)]))
}

/** Every agreement of the tenant, oldest first. */
export async function findAll(scope: Scope): Promise<Agreement[]> {
  const rows = await scope.tx.agreement.findMany({
    where: { organisation_id: scope.organisation_id },
    orderBy: { id: 'asc' },
  })
  return rows.map(fromRow)
}
