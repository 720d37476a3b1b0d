import { z } from 'zod'
import { clouds } from '../../connectors/connector.ts'
import { termsSchema } from '../offers/model.ts'
import { type Prisma, type Scope, toJson } from '../store/index.ts'
import { type Agreement, agreementStates, isOver, type Written } from './model.ts'

type Row = Prisma.agreementGetPayload<Record<string, never>>

const role = z.enum(['seller', 'manufacturer'])

export function fromRow(row: Row): Agreement {
  const { entitlements: _, sign_up: __, evidence: ___, created_at: ____, updated_at: _____, ...columns } = row
  return {
    ...columns,
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

/** Every agreement of the tenant, oldest first. */
export async function findAll(scope: Scope): Promise<Agreement[]> {
  const rows = await scope.tx.agreement.findMany({
    where: { organisation_id: scope.organisation_id },
    orderBy: { id: 'asc' },
  })
  return rows.map(fromRow)
}

/** Agreements that are not over, newest first. */
export async function findRunning(scope: Scope, limit: number): Promise<Agreement[]> {
  const rows = await scope.tx.agreement.findMany({
    where: { organisation_id: scope.organisation_id, state: { notIn: agreementStates.filter(isOver) } },
    orderBy: { id: 'desc' },
    take: limit,
  })
  return rows.map(fromRow)
}

/** The agreement a cloud names, on one connection of the tenant. */
export async function findOn(
  scope: Scope,
  connection_id: string,
  cloud_agreement_id: string,
): Promise<Agreement | undefined> {
  const { organisation_id, tx } = scope
  const where = {
    organisation_id_connection_id_cloud_agreement_id: { organisation_id, connection_id, cloud_agreement_id },
  }
  const row = await tx.agreement.findUnique({ where })
  return row === null ? undefined : fromRow(row)
}

export type NewAgreement = Omit<Agreement, 'organisation_id'> & { evidence: unknown }

export async function insert(scope: Scope, agreement: NewAgreement): Promise<Agreement> {
  const { terms, wholesale, evidence, ...columns } = agreement
  const now = scope.now()
  const row = await scope.tx.agreement.create({
    data: {
      organisation_id: scope.organisation_id,
      ...columns,
      terms: toJson(terms),
      ...(wholesale === null ? {} : { wholesale: toJson(wholesale) }),
      evidence: toJson(evidence),
      entitlements: [],
      created_at: now,
      updated_at: now,
    },
  })
  return fromRow(row)
}

export type AgreementChange = Partial<Omit<Agreement, 'organisation_id' | 'id'>> & {
  entitlements?: unknown
  sign_up?: unknown
}

export async function update(scope: Scope, id: string, change: AgreementChange): Promise<Agreement> {
  const { terms, wholesale, entitlements, sign_up, ...columns } = change
  const row = await scope.tx.agreement.update({
    where: { organisation_id_id: { organisation_id: scope.organisation_id, id } },
    data: {
      ...columns,
      ...(terms === undefined ? {} : { terms: toJson(terms) }),
      ...(wholesale === undefined || wholesale === null ? {} : { wholesale: toJson(wholesale) }),
      ...(entitlements === undefined ? {} : { entitlements: toJson(entitlements) }),
      ...(sign_up === undefined ? {} : { sign_up: toJson(sign_up) }),
      updated_at: scope.now(),
    },
  })
  return fromRow(row)
}

/** Agreements of one buyer on a connection that a registration may belong to. */
export async function findForBuyer(
  scope: Scope,
  connection_id: string,
  buyer_account_id: string,
): Promise<Agreement[]> {
  const rows = await scope.tx.agreement.findMany({
    where: { organisation_id: scope.organisation_id, connection_id, buyer_account_id },
    orderBy: { id: 'asc' },
  })
  return rows.map(fromRow)
}

/** The buyer's agreement that came of an offer before another one did, the newest of them. */
export async function findEarlier(
  scope: Scope,
  offer_id: string,
  { agreement_id, buyer_account_id }: { agreement_id: string; buyer_account_id: string },
): Promise<Agreement | undefined> {
  const { organisation_id, tx } = scope
  const row = await tx.agreement.findFirst({
    where: { organisation_id, offer_id, buyer_account_id, cloud_agreement_id: { not: agreement_id } },
    orderBy: { id: 'desc' },
  })
  return row === null ? undefined : fromRow(row)
}

/** Whether a buyer came to the sign-up page of this connection for any agreement. */
export async function hasSignedUp(
  scope: Scope,
  connection_id: string,
  buyer_account_id: string,
): Promise<boolean> {
  const { organisation_id, tx } = scope
  const where = { organisation_id, connection_id, buyer_account_id, signed_up_at: { not: null } }
  return (await tx.agreement.findFirst({ where, select: { id: true } })) !== null
}

/** Agreements on a connection that belong to no offer and no authorization of ours, so far. */
export async function findUnlinked(scope: Scope, connection_id: string): Promise<Agreement[]> {
  const rows = await scope.tx.agreement.findMany({
    where: { organisation_id: scope.organisation_id, connection_id, offer_id: null, authorization_id: null },
    orderBy: { id: 'asc' },
  })
  return rows.map(fromRow)
}

/** What the cloud says the buyer may use, what the buyer told at sign-up, and when it was written here. */
export async function findExtras(
  scope: Scope,
  id: string,
): Promise<{ entitlements: unknown; sign_up: unknown } & Written> {
  const { organisation_id, tx } = scope
  const row = await tx.agreement.findUniqueOrThrow({ where: { organisation_id_id: { organisation_id, id } } })
  const { entitlements, sign_up, created_at, updated_at } = row
  return { entitlements, sign_up, created_at, updated_at }
}

/** Where a pull stands. */
export async function readCursor(scope: Scope, connection_id: string, feed: string): Promise<string | null> {
  const { organisation_id, tx } = scope
  const row = await tx.pull_cursor.findUnique({
    where: { organisation_id_connection_id_feed: { organisation_id, connection_id, feed } },
  })
  return row?.cursor ?? null
}

/** Moves the cursor on from where a pull began; one that another pull has moved since stays where it is. */
export async function keepCursor(
  scope: Scope,
  connection_id: string,
  feed: string,
  { from, to }: { from: string | null; to: string | null },
): Promise<void> {
  await scope.tx.$executeRaw`
    INSERT INTO pull_cursor (organisation_id, connection_id, feed, cursor, pulled_at)
    VALUES (${scope.organisation_id}, ${connection_id}, ${feed}, ${to}, ${scope.now()})
    ON CONFLICT (organisation_id, connection_id, feed) DO UPDATE SET
      cursor = EXCLUDED.cursor, pulled_at = EXCLUDED.pulled_at
    WHERE pull_cursor.cursor IS NOT DISTINCT FROM ${from}::text`
}
