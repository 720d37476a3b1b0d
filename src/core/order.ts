// Lists in an order the caller chooses, page by page. A cursor says behind which row a page begins, never how many rows
// were before it: what is written meanwhile neither repeats nor hides a row.
import { decodeCursor, encodeCursor, type Page } from './page.ts'
import { invalid } from './problem.ts'

/**
 * What a list can be ordered by: its name in the API, the column, and what the column holds. Columns may not be empty,
 * and rows that are alike in it come in the order of their ids. Ids are made in the order of time.
 */
export type Orders = Readonly<Record<string, { column: string; holds: 'text' | 'time' }>>

/** The values of `sort`: each order upwards, and downwards with a minus. */
export function sortNames<O extends Orders>(orders: O): [Sort<O>, ...Sort<O>[]] {
  const names = Object.keys(orders).flatMap((name) => [name, `-${name}`])
  // An object's keys are its keys; the compiler knows them as text only.
  return names as [Sort<O>, ...Sort<O>[]]
}
export type Sort<O extends Orders> = (keyof O & string) | `-${keyof O & string}`

type Asked<O extends Orders> = {
  sort?: Sort<O> | undefined
  cursor?: string | undefined
  limit: number
}
/** How a page is asked of the database; `where` goes beside the list's own conditions. */
export type Slice = {
  where: Record<string, unknown>
  orderBy: Record<string, 'asc' | 'desc'>[]
  /** One more than is shown: the surplus row only says that there is more. */
  take: number
  cursorOf(row: Row): string
  /** The same for a query that is written by hand: the column, and behind which of its values the page begins. */
  column: string
  descending: boolean
  after: { value: string | number | Date; id: string } | undefined
}
// Rows carry whatever their table has; which of it a list is ordered by is known by name only.
type Row = { id: string }

const oldestFirst = { column: 'id', holds: 'text' } as const

/** The slice of a list that is asked for; oldest first where nothing is said. Throws invalid-input for a cursor of another order. */
export function sliceOf<O extends Orders>(orders: O, { sort, cursor, limit }: Asked<O>): Slice {
  const descending = sort?.startsWith('-') ?? false
  const name = descending ? sort?.slice(1) : sort
  const { column, holds } = (name === undefined ? undefined : orders[name]) ?? oldestFirst
  const direction = descending ? 'desc' : 'asc'
  const beyond = descending ? 'lt' : 'gt'
  const cursorOf = (row: Row) => {
    const value = Object.entries<unknown>(row).find(([key]) => key === column)?.[1]
    const text = value instanceof Date ? value.toISOString() : String(value)
    return encodeCursor(JSON.stringify([sort ?? '', text, row.id]))
  }
  const place = cursor === undefined ? undefined : readPlace(cursor, sort)
  const after = place === undefined ? undefined : readValue(holds, place.value)
  const where =
    place === undefined
      ? {}
      : column === 'id'
        ? { id: { [beyond]: place.id } }
        : { OR: [{ [column]: { [beyond]: after } }, { [column]: after, id: { [beyond]: place.id } }] }
  const orderBy = column === 'id' ? [{ id: direction }] : [{ [column]: direction }, { id: direction }]
  return {
    where,
    orderBy: orderBy as Slice['orderBy'],
    take: limit + 1,
    cursorOf,
    column,
    descending,
    after: place === undefined || after === undefined ? undefined : { value: after, id: place.id },
  }
}

function readPlace(cursor: string, sort: string | undefined): { value: string; id: string } {
  const parts: unknown = parse(decodeCursor(cursor))
  if (Array.isArray(parts) && parts.length === 3 && parts.every((part) => typeof part === 'string')) {
    const [order, value, id] = parts as [string, string, string]
    if (order === (sort ?? '')) return { value, id }
  }
  throw foreign()
}

const foreign = () =>
  invalid('query.cursor', 'is not a cursor of this list in this order', 'Begin with the first page again')

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function readValue(holds: 'text' | 'time', text: string): string | Date {
  if (holds === 'text') return text
  const at = new Date(text)
  if (Number.isNaN(at.getTime())) throw foreign()
  return at
}

/** Makes a page of the rows of a slice. */
export function pageOfSlice<R extends Row, T>(
  rows: R[],
  { take, cursorOf }: Slice,
  map: (row: R) => T,
): Page<T> {
  const shown = rows.slice(0, take - 1)
  const last = shown.at(-1)
  return { items: shown.map(map), next: rows.length === take && last !== undefined ? cursorOf(last) : null }
}

/** Conditions that find a text in any of the columns, whatever its case. Nothing for no text. */
export function containing(columns: readonly string[], text: string | undefined): Record<string, unknown> {
  if (text === undefined || text === '') return {}
  return { AND: [{ OR: columns.map((column) => ({ [column]: { contains: text, mode: 'insensitive' } })) }] }
}

/** The filters that were given, as conditions. */
export function stated<T extends Record<string, unknown>>(
  filter: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // What is left out is left out: the compiler does not follow entries.
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
