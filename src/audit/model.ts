import { canonicalJson, sha256 } from '../core/canonical.ts'

/** Who acts: a program with a key, a person who signed in, or whoever runs the installation. */
export type Actor = { kind: 'key' | 'person' | 'operator'; id: string }

/** One act of one caller. What stood before and after is told in the shape the API shows it, without any secret. */
export type AuditRecord = {
  sequence: bigint
  at: Date
  request_id: string
  actor: Actor
  /** The route, such as "PATCH /v1/connections/:id", or an act of its own, such as "sign_in". */
  act: string
  subject_id: string
  before: unknown
  after: unknown
  salt: string
  body_digest: string
  previous_digest: string
  digest: string
}

/** What the first record of every chain follows. */
export const CHAIN_START = '0'.repeat(64)

/** The digest of what may have to be forgotten: salted, so that nobody can find a value again by guessing. */
export function bodyDigest(
  salt: string,
  { before, after }: Pick<AuditRecord, 'before' | 'after'>,
): Promise<string> {
  return sha256(`${salt}\n${canonicalJson({ before: before ?? null, after: after ?? null })}`)
}

/** The digest of a whole record. It holds the one before, so that no record can be changed, moved, put in or taken out. */
export function recordDigest(
  organisation_id: string,
  {
    sequence,
    at,
    request_id,
    actor,
    act,
    subject_id,
    body_digest,
    previous_digest,
  }: Omit<AuditRecord, 'digest'>,
): Promise<string> {
  const told = {
    organisation_id,
    sequence,
    at,
    request_id,
    actor,
    act,
    subject_id,
    body_digest,
    previous_digest,
  }
  return sha256(canonicalJson(told))
}

/** Where a chain is broken: the first record that is not what it was, and why. */
export type Break = { sequence: string; reason: string }

export type ChainState = { sequence: bigint; digest: string }

/**
 * Holds records, in order, against the chain. `forgotten`: their values were erased, and only their digest is left.
 * Answers the first break, or where the chain stands afterwards.
 */
export async function verifyChain(
  organisation_id: string,
  from: ChainState,
  records: readonly (AuditRecord & { forgotten: boolean })[],
): Promise<{ broken: Break } | { stands: ChainState }> {
  let { sequence, digest } = from
  for (const record of records) {
    const broken = (reason: string) => ({ broken: { sequence: String(sequence + 1n), reason } })
    if (record.sequence !== sequence + 1n) return broken('a record is missing, doubled or out of its place')
    if (record.previous_digest !== digest) return broken('it does not follow the record before it')
    if (!record.forgotten && record.body_digest !== (await bodyDigest(record.salt, record))) {
      return broken('what stood before or after was changed')
    }
    if (record.digest !== (await recordDigest(organisation_id, record))) return broken('it was changed')
    sequence = record.sequence
    digest = record.digest
  }
  return { stands: { sequence, digest } }
}
