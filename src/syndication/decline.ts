import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { holdOpen, readOpened } from './opened.ts'
import { inTenantOf, update } from './store.ts'
import type { Opened } from './store-opened.ts'

/**
 * The reseller does not want what a vendor opened to it, and says why. Both see it on their timeline. No cloud is told:
 * there the authorization stands until the vendor takes it back.
 */
export async function declineAuthorization(
  scope: Scope,
  { id, reason }: { id: string; reason: string },
): Promise<Opened> {
  const opened = await holdOpen(scope, id)
  await inTenantOf(scope, opened.organisation_id, async (vendor) => {
    await update(vendor, id, { state: 'declined' })
    const sentence = `The reseller declined. No cloud was told: there it stands until you take it back. It says: ${reason}`
    await timeline.record(vendor, { subject_id: id, kind: 'declined', sentence })
  })
  await timeline.record(scope, {
    subject_id: id,
    kind: 'declined',
    sentence: `Declined. Told the vendor: ${reason}`,
  })
  return readOpened(scope, id)
}
