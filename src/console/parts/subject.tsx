import { screens } from '../screens/index.ts'
import { common } from '../words/index.ts'
import { GoTo } from './link.tsx'

/** Which screen shows a thing, by the prefix of its id. */
const SCREENS: Readonly<Record<string, string>> = {
  agr: '/agreements',
  appr: '/approvals',
  com: '/commitments',
  conn: '/connections',
  deal: '/deals',
  entry: '/ledger/entries',
  lst: '/listings',
  msg: '/inbox',
  offer: '/offers',
  op: '/operations',
  part: '/partners',
  prod: '/products',
  stmt: '/statements',
}

/**
 * The thing an id belongs to, as a link where a screen shows it; a dash for none. `short`, for tables: the kind of thing
 * instead of its id, which stands in the tooltip.
 */
export function Subject({ id, short = false }: { id: string | null | undefined; short?: boolean }) {
  if (id === null || id === undefined || id === '') return <span>{common.none}</span>
  const prefix = id.slice(0, Math.max(0, id.indexOf('_')))
  const screen = SCREENS[prefix]
  const known = screen !== undefined && screens.some(({ path }) => path === `${screen}/:id`)
  const text = short ? (common.nouns[prefix] ?? id) : id
  const style = { overflowWrap: 'anywhere' as const, minWidth: short ? '6rem' : undefined }
  if (!known) {
    return (
      <span title={id} style={style}>
        {text}
      </span>
    )
  }
  return (
    <GoTo to={`${screen}/${id}`} title={id} style={style}>
      {text}
    </GoTo>
  )
}
