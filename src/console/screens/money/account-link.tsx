import { GoTo } from '../../parts/link.tsx'
import { shortId } from '../../parts/thing.tsx'

/** Where an account is shown. Its name stands in the query, as it may hold slashes. */
export const accountPlace = (name: string) => `/ledger/account?name=${encodeURIComponent(name)}`

/** So much of a name without an id is shown in tables. */
const LONGEST = 44

/** An account's name, short enough for a table: ids in it lose their middle. */
export function accountText(name: string): string {
  const at = name.lastIndexOf(':')
  const last = name.slice(at + 1)
  const short = /^[a-z]+_[0-9a-z]{10,}$/.test(last) ? name.slice(0, at + 1) + shortId(last) : name
  return short.length <= LONGEST ? short : `${short.slice(0, LONGEST - 10)}…${short.slice(-9)}`
}

/** An account as a link to what was booked on it. */
export function AccountLink({ name, whole = false }: { name: string; whole?: boolean }) {
  return (
    <GoTo to={accountPlace(name)} title={name} style={{ overflowWrap: 'anywhere' }}>
      {whole ? name : accountText(name)}
    </GoTo>
  )
}
