import type { Scope } from '../store/index.ts'

/**
 * Matching is one run per tenant, but a run may outlive its lease: two that meet take turns, transaction by transaction,
 * and each reads what the other wrote.
 */
export async function holdMatching({ tx, organisation_id }: Scope): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`settle ${organisation_id}`}, 0))`
}
