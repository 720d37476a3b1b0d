import { z } from 'zod'
import type { ChangeProblem } from '../../connectors/connector.ts'
import { formatDecimal } from '../core/decimal.ts'
import { containing, type Slice, stated } from '../core/order.ts'
import { Refusal } from '../core/problem.ts'
import { termsSchema } from '../offers/model.ts'
import { fromNumeric, type Prisma, type Scope, toJson, toNumeric } from '../store/index.ts'
import { type Authorization, type AuthorizationState, authorizationStates } from './model.ts'

type Row = Prisma.resale_authorizationGetPayload<Record<string, never>>

const problems = z.array(z.object({ code: z.string(), message: z.string(), plain: z.string().optional() }))

export function fromRow(row: Row): Authorization {
  return {
    ...row,
    state: z.enum(authorizationStates).parse(row.state),
    terms: termsSchema.parse(row.terms),
    markup_min_percent: fromNumeric(row.markup_min_percent),
    markup_max_percent: fromNumeric(row.markup_max_percent),
    buyer_account_ids: z.array(z.string()).parse(row.buyer_account_ids),
    problems: problems.parse(row.problems),
  }
}

type Written =
  | 'organisation_id'
  | 'state'
  | 'cloud_authorization_id'
  | 'problems'
  | 'created_at'
  | 'updated_at'
export type NewAuthorization = Omit<Authorization, Written | 'options'> & { options?: unknown }

export async function insert(scope: Scope, wanted: NewAuthorization): Promise<Authorization> {
  const {
    terms,
    markup_min_percent,
    markup_max_percent,
    buyer_account_ids,
    options = null,
    ...columns
  } = wanted
  const now = scope.now()
  const row = await scope.tx.resale_authorization.create({
    data: {
      organisation_id: scope.organisation_id,
      ...columns,
      terms: toJson(terms),
      markup_min_percent: toNumeric(markup_min_percent),
      markup_max_percent: toNumeric(markup_max_percent),
      ...(options === null ? {} : { options: toJson(options) }),
      buyer_account_ids,
      state: 'publishing',
      problems: [],
      created_at: now,
      updated_at: now,
    },
  })
  return fromRow(row)
}

export async function update(
  scope: Scope,
  id: string,
  change: { state?: AuthorizationState; cloud_authorization_id?: string; problems?: ChangeProblem[] },
): Promise<void> {
  const { problems: found, ...columns } = change
  await scope.tx.resale_authorization.update({
    where: { organisation_id_id: { organisation_id: scope.organisation_id, id } },
    data: {
      ...columns,
      ...(found === undefined ? {} : { problems: toJson(found) }),
      updated_at: scope.now(),
    },
  })
}

/** One authorization of the vendor's. */
export async function find(scope: Scope, id: string): Promise<Authorization> {
  const { organisation_id, tx } = scope
  const row = await tx.resale_authorization.findUnique({
    where: { organisation_id_id: { organisation_id, id } },
  })
  if (row === null) throw new Refusal('not-found', `There is no resale authorization ${id}.`)
  return fromRow(row)
}

/**
 * Until this transaction ends nobody else takes an authorization back, declines it or makes an offer from it. Only its
 * owner can lock a row, so a reseller's transaction does it in the vendor's part.
 */
export async function holdAuthorization(
  scope: Scope,
  { organisation_id, id }: Pick<Authorization, 'organisation_id' | 'id'>,
): Promise<void> {
  const held = await inTenantOf(scope, organisation_id, async ({ tx }) => {
    const rows = await tx.$queryRaw`
      SELECT id FROM resale_authorization WHERE organisation_id = ${organisation_id} AND id = ${id} FOR UPDATE`
    return z.array(z.object({ id: z.string() })).parse(rows)
  })
  if (held.length === 0) throw new Refusal('not-found', `There is no resale authorization ${id}.`)
}

/** Does the vendor's part of a reseller's act, inside the same transaction. */
export async function inTenantOf<T>(
  scope: Scope,
  organisation_id: string,
  work: (scope: Scope) => Promise<T>,
): Promise<T> {
  if (organisation_id === scope.organisation_id) return work(scope)
  return scope.asInstallation((installation) => installation.asTenant(organisation_id, work))
}

/** What authorizations can be ordered by. */
export const authorizationOrders = {
  created_at: { column: 'id', holds: 'text' },
  name: { column: 'name', holds: 'text' },
  expires_on: { column: 'expires_on', holds: 'text' },
  updated_at: { column: 'updated_at', holds: 'time' },
} as const

export type AuthorizationFilter = {
  deal_id?: string | undefined
  connection_id?: string | undefined
  state?: AuthorizationState | undefined
  q?: string | undefined
}

export async function findAuthorizations(
  scope: Scope,
  { q, ...filter }: AuthorizationFilter,
  slice: Slice,
): Promise<Authorization[]> {
  const rows = await scope.tx.resale_authorization.findMany({
    where: {
      organisation_id: scope.organisation_id,
      ...stated(filter),
      ...containing(['name', 'reseller_account_id', 'cloud_authorization_id', 'id'], q),
      ...slice.where,
    },
    orderBy: slice.orderBy,
    take: slice.take,
  })
  return rows.map(fromRow)
}

/** Authorizations that a cloud refused since a moment and that were not asked for again for the same reseller. */
export async function findFailed(scope: Scope, since: Date): Promise<Authorization[]> {
  const { organisation_id, tx } = scope
  const refused = [{ state: 'failed' }, { state: { in: ['active', 'declined'] }, problems: { not: [] } }]
  const rows = await tx.resale_authorization.findMany({
    where: { organisation_id, OR: refused, updated_at: { gt: since } },
    orderBy: { id: 'asc' },
  })
  const later = await tx.resale_authorization.findMany({
    where: {
      organisation_id,
      state: { not: 'failed' },
      OR: rows.map(({ id, deal_id, reseller_account_id }) => ({
        id: { gt: id },
        deal_id,
        reseller_account_id,
      })),
    },
    select: { id: true, deal_id: true, reseller_account_id: true },
  })
  const again = ({ id, state, deal_id, reseller_account_id }: Row) =>
    state === 'failed' &&
    later.some(
      (one) => one.id > id && one.deal_id === deal_id && one.reseller_account_id === reseller_account_id,
    )
  return rows.filter((row) => !again(row)).map(fromRow)
}

export async function findByCloudId(
  scope: Scope,
  connection_id: string,
  cloud_authorization_id: string,
): Promise<Authorization | undefined> {
  const row = await scope.tx.resale_authorization.findFirst({
    where: { organisation_id: scope.organisation_id, connection_id, cloud_authorization_id },
  })
  return row === null ? undefined : fromRow(row)
}

/** Which other organisation of this installation has proven that a seller account is its own: that is who an authorization is opened to. */
export async function organisationOfAccount(
  scope: Scope,
  cloud: string,
  account_id: string,
): Promise<string | null> {
  const rows = await scope.tx
    .$queryRaw`SELECT organisation_of_account(${cloud}, ${account_id}) AS organisation_id`
  return z.array(z.object({ organisation_id: z.string().nullable() })).parse(rows)[0]?.organisation_id ?? null
}

/** The tenant's own connection on a cloud with a given account. */
export async function ownConnection(scope: Scope, cloud: string, account_id: string): Promise<string | null> {
  const row = await scope.tx.connection.findFirst({
    where: { cloud, account_id, organisation_id: scope.organisation_id },
    select: { id: true },
  })
  return row?.id ?? null
}

/** An authorization as the API shows it, with whatever else was found of it. */
export function shown<A extends Authorization>({
  organisation_id,
  markup_min_percent,
  markup_max_percent,
  created_at,
  updated_at,
  ...rest
}: A) {
  return {
    ...rest,
    vendor_organisation_id: organisation_id,
    markup_min_percent: formatDecimal(markup_min_percent),
    markup_max_percent: formatDecimal(markup_max_percent),
    created_at: created_at.toISOString(),
    updated_at: updated_at.toISOString(),
  }
}
