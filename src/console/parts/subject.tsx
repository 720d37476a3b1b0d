import { useSession } from '../session.tsx'
import { common } from '../words/index.ts'
import { ConnectionName } from './connections.tsx'
import { GoTo } from './link.tsx'
import { monthText } from './moment.tsx'
import { Who } from './people.tsx'
import { placeOf } from './thing.tsx'

/** Where a month is closed or opened, the month is what it is about, alone or behind the id of whose it is. */
const MONTH = /^\d{4}-\d{2}$/
/** Who acts has a name, which says more than the kind of thing. */
const PEOPLE = ['prsn', 'key']

type SubjectProps = {
  id: string | null | undefined
  short?: boolean
  /** Words stand beside it: a link is then told by more than its colour. */
  inText?: boolean
}

/**
 * The thing an id belongs to, as a link where a screen shows it; a dash for none. `short`, for tables: the kind of thing
 * instead of its id, which stands in the tooltip.
 */
export function Subject({ id, short = false, inText = false }: SubjectProps) {
  const { organisation, organisation_id } = useSession()
  if (id === null || id === undefined || id === '') return <span>{common.none}</span>
  const [thing = id, month = ''] = id.split(' ')
  if (MONTH.test(month)) {
    return (
      <>
        <Subject id={thing} short={short} inText />, {monthText(month)}
      </>
    )
  }
  if (MONTH.test(id)) return <span>{monthText(id)}</span>
  const prefix = id.slice(0, Math.max(0, id.indexOf('_')))
  if (short && PEOPLE.includes(prefix)) return <Who id={id} />
  if (id === organisation_id) return <GoTo to="/organisation">{organisation.name}</GoTo>
  // What one opens is opened to the other: each has a screen of its own for it.
  const place = prefix === 'auth' && organisation.kind === 'reseller' ? `/opened/${id}` : placeOf(id)
  const noun = short ? common.nouns[prefix] : undefined
  const text = noun ?? (prefix === 'conn' ? <ConnectionName id={id} /> : id)
  // An id may break wherever it is too long; a word may not.
  const style = noun === undefined ? { overflowWrap: 'anywhere' as const } : undefined
  if (place === undefined) {
    return (
      <span title={id} style={style}>
        {text}
      </span>
    )
  }
  return (
    <GoTo to={place} title={id} style={style} underline={inText ? 'always' : 'hover'}>
      {text}
    </GoTo>
  )
}
