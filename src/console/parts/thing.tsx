import { GoTo } from './link.tsx'

/** Where a thing of an id is shown, by the prefix of its id. */
const PLACES: Readonly<Record<string, (id: string) => string>> = {
  agr: (id) => `/agreements/${id}`,
  deal: (id) => `/deals/${id}`,
  offer: (id) => `/offers/${id}`,
  stmt: (id) => `/statements/${id}`,
  line: (id) => `/trace/${id}`,
  match: (id) => `/trace/${id}`,
  rec: (id) => `/trace/${id}`,
  entry: (id) => `/ledger/entries/${id}`,
  com: (id) => `/commitments/${id}`,
  part: (id) => `/partners/${id}`,
  pst: (id) => `/partner-statements/${id}`,
}
/** So much of an id's end tells it from its neighbours. */
const TAIL = 6

/** An id short enough for a table; the whole one stands in the tooltip. */
export function shortId(id: string): string {
  const at = id.indexOf('_')
  return at < 0 || id.length - at <= TAIL + 2 ? id : `${id.slice(0, at + 1)}…${id.slice(-TAIL)}`
}

/** Where an id leads; undefined: it is shown nowhere of its own. */
export const placeOf = (id: string) => PLACES[id.slice(0, id.indexOf('_'))]?.(id)

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
