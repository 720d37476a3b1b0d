// What keeps two who are told of one agreement at once from undoing each other's work.
import { z } from 'zod'
import type { AgreementRecord } from '../../connectors/connector.ts'
import type { Scope } from '../store/index.ts'

/**
 * Whoever takes in what is said of one agreement has it for itself: a message and a pull may tell of it at once. Held
 * before its buyer is, and before anything is written.
 */
export async function holdOn(scope: Scope, connection_id: string, cloud_agreement_id: string): Promise<void> {
  await hold(scope, `agreement ${scope.organisation_id} ${connection_id} ${cloud_agreement_id}`)
}

/** The same for what depends on all agreements of one buyer: who signed up, and what that covers. */
export async function holdBuyer(scope: Scope, connection_id: string, buyer: string): Promise<void> {
  await hold(scope, `buyer ${scope.organisation_id} ${connection_id} ${buyer}`)
}

async function hold({ tx }: Scope, name: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`
}

const markRow = z.object({ cloud_agreement_id: z.string(), mark: z.string() })
/** What changes whenever an agreement is written, by the cloud's id. */
export type Marks = ReadonlyMap<string, string>

/** The marks of one agreement of a connection, or of all. */
export async function marksOf(scope: Scope, connection_id: string, cloud_id: string | null): Promise<Marks> {
  const rows = await scope.tx.$queryRaw`
    SELECT cloud_agreement_id, xmin::text AS mark FROM agreement
    WHERE organisation_id = ${scope.organisation_id} AND connection_id = ${connection_id}
      AND (${cloud_id}::text IS NULL OR cloud_agreement_id = ${cloud_id}::text)`
  return new Map(
    z
      .array(markRow)
      .parse(rows)
      .map(({ cloud_agreement_id, mark }) => [cloud_agreement_id, mark]),
  )
}

/**
 * Whether an agreement was written since the cloud was asked for this record. One without a time of its own is as old as
 * the question: what was written since may be newer, and only asking again can tell.
 */
export async function isOvertaken(
  scope: Scope,
  connection_id: string,
  { agreement_id, updated_at }: AgreementRecord,
  asked: Marks,
): Promise<boolean> {
  if (updated_at !== null) return false
  await holdOn(scope, connection_id, agreement_id)
  const present = await marksOf(scope, connection_id, agreement_id)
  return present.get(agreement_id) !== asked.get(agreement_id)
}
