// Usage that is held back for a listing is given up: a person decides it, and says why.
import * as agreements from '../agreements/index.ts'
import { type Asset, type Money, sumMoney } from '../core/money.ts'
import { Refusal } from '../core/problem.ts'
import { findListing, heldUsage } from '../listings/index.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { doubtOf, loseRecords, worthOf } from './lose.ts'
import { findWaiting, takeWaiting } from './store-records.ts'

/** Records one request writes off: each is told to its agreement. */
const RECORDS_MAX = 1000

export type WrittenOff = { records: number; worth: Money[]; more: boolean }

/**
 * What waits for a listing now is lost; what is used later waits as before. What was put into a request is not touched:
 * the cloud may have it. Throws not-found, or conflict where nothing waits.
 */
export async function writeOff(scope: Scope, listing_id: string, note: string): Promise<WrittenOff> {
  const { connection_id, held } = await findListing(scope, listing_id)
  const isHeld = await heldUsage(scope, connection_id, listing_id)
  const waiting = await findWaiting(scope, connection_id, held)
  const known = await agreements.findMany(scope, [...new Set(waiting.map((one) => one.agreement_id))])
  const meant = waiting.filter(({ agreement_id, dimension }) => {
    const agreement = known.get(agreement_id)
    return agreement !== undefined && isHeld(agreement, dimension)
  })
  const taken = await takeWaiting(scope, connection_id, meant, RECORDS_MAX + 1)
  if (taken.length === 0) throw new Refusal('conflict', `No usage waits for listing ${listing_id}.`)
  const records = taken.slice(0, RECORDS_MAX)
  const reason = `Written off while it was held back: ${note}`
  await loseRecords(
    scope,
    'written_off',
    records.map((record) => ({ record, reason: `${reason}${doubtOf(record)}` })),
    known,
  )
  const values = records.flatMap(
    ({ agreement_id, dimension, quantity }) => worthOf(known.get(agreement_id), dimension, quantity) ?? [],
  )
  const assets = [...new Set(values.map(({ asset }): Asset => asset))]
  const worth = assets.map((asset) =>
    sumMoney(
      asset,
      values.filter((one) => one.asset === asset),
    ),
  )
  const sentence = `Wrote off the usage that waited: ${records.length} ${records.length === 1 ? 'record' : 'records'}. ${note}`
  await timeline.record(scope, { subject_id: listing_id, kind: 'written_off', sentence })
  return { records: records.length, worth, more: taken.length > RECORDS_MAX }
}
