import { Day } from '../../parts/moment.tsx'
import { reselling } from '../../words/reselling.ts'

/** Until when something is open to a reseller, or that it is so without end. */
export function LastDay({ of: { expires_on } }: { of: { expires_on: string | null } }) {
  return expires_on === null ? <span>{reselling.withoutEnd}</span> : <Day on={expires_on} />
}
