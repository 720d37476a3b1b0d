import type { Scope } from '../store/index.ts'
import type { Quota } from './model.ts'

/**
 * Takes a token from a quota's bucket by wall time. Answers 0 when it was taken, otherwise how many milliseconds to
 * wait. One statement, so that processes sharing a database share the quota; the bucket's time never goes back, so that
 * a process whose clock is behind does not fill it twice.
 */
export async function takeToken(scope: Scope, connection_id: string, quota: Quota): Promise<number> {
  const wall = scope.wall()
  await scope.tx.$executeRaw`
    INSERT INTO quota_bucket (organisation_id, connection_id, quota, tokens, filled_at)
    VALUES (${scope.organisation_id}, ${connection_id}, ${quota.name}, ${quota.burst}, ${wall})
    ON CONFLICT DO NOTHING`
  const taken = await scope.tx.$executeRaw`
    UPDATE quota_bucket SET
      tokens = LEAST(${quota.burst}::numeric, tokens + GREATEST(0, EXTRACT(EPOCH FROM (${wall}::timestamptz - filled_at)))::numeric * ${quota.per_second}::numeric) - 1,
      filled_at = GREATEST(filled_at, ${wall}::timestamptz)
    WHERE organisation_id = ${scope.organisation_id} AND connection_id = ${connection_id} AND quota = ${quota.name}
      AND LEAST(${quota.burst}::numeric, tokens + GREATEST(0, EXTRACT(EPOCH FROM (${wall}::timestamptz - filled_at)))::numeric * ${quota.per_second}::numeric) >= 1`
  return taken > 0 ? 0 : Math.ceil(1000 / quota.per_second)
}
