import type { Collection } from '../journal.ts'
import { Refusal } from '../problem.ts'
import { day } from '../time.ts'
import { tellBilling } from './feeds.ts'
import type { BillingRow } from './finance-model.ts'
import type { World } from './world.ts'

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
