import type { Collection } from '../../journal.ts'
import { Refusal } from '../../problem.ts'
import { day } from '../../time.ts'
import type { World } from '../world.ts'
import { feedColumns } from './feed-columns.ts'
import { tellBilling, tellRow } from './feeds.ts'
import type { BillingRow, FeedRow } from './finance-model.ts'

// The feeds say something wrong and correct it a day later. What is owed and paid is not touched by it.

/** Billing events that the feeds told twice, under an id of their own, until they are deleted. */
export function doubledRows(world: World): Collection<BillingRow> {
  return world.store.collection('aws.doubled_billing')
}

export type Slip = { billing_event_id: string; slip: 'misprinted' | 'doubled'; amount?: string | undefined }

export function makeSlip(world: World, { billing_event_id, slip, amount = '0.01' }: Slip) {
  const row = world.billing.get(billing_event_id)
  if (!row) {
    const fix = 'Use a billing_event_id of the billing feed.'
    throw new Refusal(404, 'billing_event_id', 'names a billing event', fix)
  }
  const now = world.clock.now()
  const corrected_at = now + day
  const wrong = slip === 'misprinted' ? amount : row.amount
  if (slip === 'misprinted') {
    const versions = [...(row.versions ?? []), { at: now, amount: wrong }]
    world.billing.put(row.id, { ...row, versions: [...versions, { at: corrected_at, amount: row.amount }] })
  } else {
    const id = world.random.uuid()
    const versions = [{ at: corrected_at, amount: row.amount, deleted: true }]
    doubledRows(world).put(id, { ...row, id, inserted_at: now, versions })
  }
  tellBilling(world, row.recipient, now)
  tellBilling(world, row.recipient, corrected_at)
  return { billing_event_id, slip, corrected_at }
}

export type RowSlip = {
  account_id: string
  feed: string
  /** What the first of the feed's own columns says. */
  id: string
  slip: 'misprinted' | 'doubled'
  column?: string | undefined
  value?: string | undefined
  /** How long it stays wrong. */
  days?: number | undefined
}

/** The same in any other feed: a value is said wrong, or a row is told under an id of its own, until it is corrected. */
export function makeRowSlip(world: World, asked: RowSlip) {
  const { account_id, feed, id, slip, column, value = '', days = 1 } = asked
  const [first = '', ...others] = feedColumns[feed] ?? []
  const told = world.feed_rows
    .entries()
    .filter(([, row]) => row.feed === feed && row.recipient === account_id && row.values[first] === id)
    .sort(([, left], [, right]) => left.valid_from - right.valid_from)
    .at(-1)
  if (!told) throw new Refusal(404, 'id', `names a row of ${feed}`, 'Use a value of its first column.')
  if (slip === 'misprinted' && (column === undefined || ![first, ...others].includes(column))) {
    throw new Refusal(400, 'column', `is a column of ${feed}`, `Use one of ${others.join(', ')}.`)
  }
  const [key, row] = told
  const now = world.clock.now()
  const corrected_at = now + days * day
  const keep = (name: string, changes: Partial<FeedRow>) =>
    world.feed_rows.put(`${key}~${name}@${now}`, { ...row, update_date: now, ...changes })
  if (slip === 'misprinted') {
    keep('misprinted', { values: { ...row.values, [column ?? first]: value } })
    keep('corrected', { update_date: corrected_at })
  } else {
    const values = { ...row.values, [first]: world.random.uuid() }
    keep('doubled', { values })
    keep('deleted', { values, update_date: corrected_at, delete_date: corrected_at })
  }
  for (const at of [now, corrected_at]) tellRow(world, row, at)
  return { feed, id, slip, corrected_at }
}
