import { displayMoney } from '../core/money.ts'
import { Refusal } from '../core/problem.ts'
import { dateOf } from '../core/time.ts'
import type { Scope } from '../store/index.ts'
import { schedule } from '../work/index.ts'
import {
  bodyHash,
  bookDate,
  checkDraft,
  type EntryDraft,
  type Posting,
  postingText,
  ROLL_UP,
} from './model.ts'
import { holdCalendar } from './periods.ts'
import { findByReferences, insertEntries, insertPostings, type Prepared, readEntries } from './store.ts'

/** What became of one draft. */
type Posted = { reference: string; entry_id: string; replayed: boolean }

/** Entries that go into one statement. */
const BATCH_ENTRIES = 1000

/**
 * Books entries in the caller's transaction, in sets. The same reference with the same postings is a replay, also when
 * another transaction books it at this moment; with other postings it throws a conflict that names the difference, and
 * nothing of the call is booked. Zero postings are dropped; an entry of which nothing is left is not booked and not in
 * the answer. The answer is in the order of the drafts.
 */
export async function post(scope: Scope, drafts: readonly EntryDraft[]): Promise<Posted[]> {
  const checked = drafts.map(checkDraft).filter((draft) => draft.postings.length > 0)
  if (checked.length === 0) return []
  const closed = await holdCalendar(scope)
  const prepared: Prepared[] = []
  const first = new Map<string, Prepared>()
  for (const draft of checked) {
    const body_hash = await bodyHash(draft.postings)
    const earlier = first.get(draft.reference)
    if (earlier !== undefined) {
      if (earlier.body_hash !== body_hash) throw contradiction(draft, earlier.draft.postings)
      continue
    }
    const book_date = bookDate(dateOf(draft.occurred_at), closed)
    const item = { id: scope.id('entry'), draft, book_date, body_hash }
    first.set(draft.reference, item)
    prepared.push(item)
  }
  prepared.sort((left, right) => (left.draft.reference < right.draft.reference ? -1 : 1))
  await requireReversed(scope, prepared)
  const ids = new Map<string, string>()
  const written = new Set<string>()
  for (let start = 0; start < prepared.length; start += BATCH_ENTRIES) {
    await bookBatch(scope, prepared.slice(start, start + BATCH_ENTRIES), ids, written)
  }
  if (written.size > 0) await schedule(scope, { kind: ROLL_UP, key: workKey(scope) })
  return checked.map(({ reference }) => {
    const replayed = !written.delete(reference)
    return { reference, entry_id: ids.get(reference) ?? '', replayed }
  })
}

async function bookBatch(
  scope: Scope,
  batch: readonly Prepared[],
  ids: Map<string, string>,
  written: Set<string>,
): Promise<void> {
  const inserted = await insertEntries(scope, batch)
  const fresh = batch.flatMap((item) => {
    const sequence = inserted.get(item.id)
    return sequence === undefined ? [] : [{ ...item, sequence }]
  })
  if (fresh.length > 0) await insertPostings(scope, fresh)
  for (const { id, draft } of fresh) {
    ids.set(draft.reference, id)
    written.add(draft.reference)
  }
  const rest = batch.filter((item) => !inserted.has(item.id))
  const known = await findByReferences(
    scope,
    rest.map((item) => item.draft.reference),
  )
  const byReference = new Map(known.map((item) => [item.reference, item]))
  for (const { draft, body_hash } of rest) {
    const there = byReference.get(draft.reference)
    if (there === undefined) throw new Error(`Entry ${draft.reference} was neither written nor found`)
    if (there.body_hash !== body_hash) {
      const [booked] = await readEntries(scope, { id: there.id, limit: 1 })
      throw contradiction(draft, booked?.postings ?? [])
    }
    ids.set(draft.reference, there.id)
  }
}

/** A correction names an entry that exists, or one in the same call. */
async function requireReversed(scope: Scope, prepared: readonly Prepared[]): Promise<void> {
  const here = new Set(prepared.map((item) => item.draft.reference))
  const wanted = prepared.flatMap(({ draft }) =>
    draft.reverses === undefined || here.has(draft.reverses) ? [] : [draft.reverses],
  )
  const found = new Set((await findByReferences(scope, wanted)).map((item) => item.reference))
  const missing = wanted.find((reference) => !found.has(reference))
  if (missing !== undefined) throw new Refusal('conflict', `There is no entry ${missing} to correct.`)
}

function contradiction(draft: EntryDraft, booked: readonly Posting[]): Refusal {
  const only = (these: readonly Posting[], those: readonly Posting[]) => {
    const left = those.map(postingText)
    return these.filter((posting) => {
      const at = left.indexOf(postingText(posting))
      if (at >= 0) left.splice(at, 1)
      return at < 0
    })
  }
  const list = (postings: readonly Posting[]) =>
    postings.map(({ from, to, money }) => `${from} → ${to} ${displayMoney(money)}`).join('; ') ||
    'nothing more'
  return new Refusal(
    'conflict',
    `Entry ${draft.reference} is booked with other postings. Booked: ${list(only(booked, draft.postings))}. ` +
      `Wanted: ${list(only(draft.postings, booked))}.`,
  )
}

/**
 * One piece of roll-up work per transaction. A key shared by all would be a row that every posting transaction of the
 * tenant waits for; each piece takes whatever is queued, so the later ones find nothing and end.
 */
const workKeys = new WeakMap<Scope['tx'], string>()

function workKey(scope: Scope): string {
  const known = workKeys.get(scope.tx)
  if (known !== undefined) return known
  const key: string = scope.id('work')
  workKeys.set(scope.tx, key)
  return key
}
