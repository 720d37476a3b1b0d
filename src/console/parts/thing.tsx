import { GoTo } from './link.tsx'

/** Which screen shows a thing, by the prefix of its id. */
const SCREENS: Readonly<Record<string, string>> = {
  agr: '/agreements',
  appr: '/approvals',
  auth: '/resale-authorizations',
  com: '/commitments',
  conn: '/connections',
  deal: '/deals',
  entry: '/ledger/entries',
  line: '/trace',
  lst: '/listings',
  match: '/trace',
  msg: '/inbox',
  offer: '/offers',
  op: '/operations',
  oset: '/offer-sets',
  part: '/partners',
  prod: '/products',
  pst: '/partner-statements',
  rec: '/trace',
  stmt: '/statements',
}
/** So much of an id's end tells it from its neighbours. */
const TAIL = 6

/** An id short enough for a table; the whole one stands in the tooltip. */
export function shortId(id: string): string {
  const at = id.indexOf('_')
  return at < 0 || id.length - at <= TAIL + 2 ? id : `${id.slice(0, at + 1)}…${id.slice(-TAIL)}`
}

/** Where an id leads; undefined: it is shown nowhere of its own. */
export function placeOf(id: string): string | undefined {
  const screen = SCREENS[id.slice(0, Math.max(0, id.indexOf('_')))]
  return screen === undefined ? undefined : `${screen}/${id}`
}

/** A thing by its id, as a link where there is a screen for it. */
export function Thing({ id, children }: { id: string; children?: string | undefined }) {
  const to = placeOf(id)
  const text = children ?? shortId(id)
  if (to === undefined) return <span title={id}>{text}</span>
  return (
    <GoTo to={to} title={id}>
      {text}
    </GoTo>
  )
}
