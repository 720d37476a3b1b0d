import { type Scope, toJson } from '../store/index.ts'

/** One thing that happened to a listing, an offer, an authorization or an agreement. */
export type TimelineEvent = {
  subject_id: string
  kind: string
  /** For people. */
  sentence: string
  /** The cloud's own words, unchanged. */
  cloud_words?: unknown
  occurred_at?: Date
}

export type TimelineRow = { kind: string; sentence: string; cloud_words: unknown; occurred_at: string }

/** Adds to a subject's timeline in the caller's transaction. */
export async function record(scope: Scope, event: TimelineEvent): Promise<void> {
  await scope.tx.timeline_event.create({
    data: {
      organisation_id: scope.organisation_id,
      subject_id: event.subject_id,
      kind: event.kind,
      sentence: event.sentence,
      ...(event.cloud_words === undefined ? {} : { cloud_words: toJson(event.cloud_words) }),
      occurred_at: event.occurred_at ?? scope.now(),
    },
  })
}

/** The same, for work that may be done twice: what stands there already is not written again. */
export async function recordOnce(scope: Scope, event: TimelineEvent & { occurred_at: Date }): Promise<void> {
  const { subject_id, kind, sentence, occurred_at } = event
  const where = { organisation_id: scope.organisation_id, subject_id, kind, sentence, occurred_at }
  if ((await scope.tx.timeline_event.count({ where })) === 0) await record(scope, event)
}

/** A subject's timeline, oldest first. */
export async function read(scope: Scope, subject_id: string): Promise<TimelineRow[]> {
  const rows = await scope.tx.timeline_event.findMany({
    where: { organisation_id: scope.organisation_id, subject_id },
    orderBy: { sequence: 'asc' },
  })
  return rows.map((row) => ({
    kind: row.kind,
    sentence: row.sentence,
    cloud_words: row.cloud_words,
    occurred_at: row.occurred_at.toISOString(),
  }))
}

/** What happened last to anything of the tenant's, newest first. */
export async function latest(
  scope: Scope,
  limit: number,
): Promise<{ subject_id: string; sentence: string; occurred_at: string }[]> {
  const rows = await scope.tx.timeline_event.findMany({
    where: { organisation_id: scope.organisation_id },
    orderBy: { sequence: 'desc' },
    take: limit,
    select: { subject_id: true, sentence: true, occurred_at: true },
  })
  return rows.map(({ occurred_at, ...row }) => ({ ...row, occurred_at: occurred_at.toISOString() }))
}
