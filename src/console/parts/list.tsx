import { Button, Group, Stack, Table, Text, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { type ReactNode, useDeferredValue } from 'react'
import { type Answer, api, type ReadPath } from '../api.ts'
import { common } from '../words/index.ts'
import { Empty } from './empty.tsx'
import { type Filter, Filters } from './filters.tsx'
import { Loading } from './loading.tsx'
import { ProblemAlert } from './problem.tsx'
import { Scroll } from './scroll.tsx'
import { type ListState, useListState } from './use-list-state.ts'

/** A row of a route that answers pages. */
type PageOf<P extends ReadPath> = Answer<P> extends { items: (infer Row)[] } ? Row : never

export type Column<Row> = {
  header: string
  cell(row: Row): ReactNode
  /** What the route calls the order by this column; undefined: it cannot be sorted by it. */
  sort?: string
  /** Numbers and money stand to the right. */
  right?: boolean
  /** Sentences need room, however narrow the table is. */
  wide?: boolean
}

type ListProps<P extends ReadPath> = {
  path: P
  /** Values of the route's own path, such as an id. */
  of?: Record<string, string>
  /** Fixed parts of what is asked, such as the thing whose rows these are. */
  where?: Record<string, string>
  /** What the table is, for those who do not see it. */
  title: string
  columns: readonly Column<PageOf<P>>[]
  filters?: readonly Filter[]
  /** Shown where there is nothing at all: what this list is for and how it fills. */
  empty: ReactNode
  /** The same where the filters were set by the way here, and clearing them helps nobody. */
  unfit?: ReactNode
  /** Tells rows apart. */
  id(row: PageOf<P>): string
  /** Two lists on one screen keep their places in the address under names of their own. */
  prefix?: string
  /** Asks again this often, for rows that change by themselves. */
  refresh_ms?: number
  /** Only rows that are on their way somewhere are asked after again. */
  moves?(row: PageOf<P>): boolean
  /** What stands over the rows, out of the same answer. */
  above?(answer: Answer<P>): ReactNode
}

/** A list that pages, sorts and filters on the server, with its place in the address. */
export function List<P extends ReadPath>(props: ListProps<P>) {
  const { path, of, where, title, columns, filters = [], empty, unfit, id, prefix, refresh_ms, moves } = props
  const state = useListState(
    filters.map(({ name }) => name),
    prefix,
  )
  const query = useDeferredValue(state.query)
  type Page = { items: PageOf<P>[]; next: string | null }
  // The filters of an address are text that the service checks: a wrong one becomes its problem, shown below. So what
  // this very route takes is stepped around once, here.
  const ask = api.useQuery as unknown as (
    method: 'get',
    path: string,
    init: unknown,
    options: unknown,
  ) => {
    data: (Answer<P> & Page) | undefined
    error: unknown
    isPlaceholderData: boolean
    refetch(): unknown
  }
  const refreshing = (asked: { state: { data?: Page } }) =>
    refresh_ms !== undefined && (moves === undefined || asked.state.data?.items.some(moves) === true)
      ? refresh_ms
      : false
  const { data, error, isPlaceholderData, refetch } = ask(
    'get',
    path,
    { params: { path: of ?? {}, query: { ...where, ...query } } },
    { placeholderData: (before: unknown) => before, refetchInterval: refreshing },
  )
  return (
    <Stack gap="sm">
      {filters.length > 0 && <Filters filters={filters} state={state} title={title} />}
      {data !== undefined && props.above?.(data)}
      {error ? (
        <ProblemAlert error={error} retry={refetch} />
      ) : data === undefined ? (
        <Loading />
      ) : data.items.length === 0 && state.page === 1 ? (
        state.filters.size === 0 ? (
          empty
        ) : (
          (unfit ?? (
            <Empty title={common.list.noneFound} help={common.list.noneFoundHelp}>
              <Button variant="default" onClick={state.clearFilters}>
                {common.list.clear}
              </Button>
            </Empty>
          ))
        )
      ) : (
        <Rows
          title={title}
          columns={columns}
          rows={data.items}
          id={id}
          state={state}
          comes={where?.['sort']}
          dim={isPlaceholderData}
        />
      )}
      {data !== undefined && <Pager state={state} shown={data.items.length} next={data.next} />}
    </Stack>
  )
}

type RowsProps<Row> = {
  title: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  id(row: Row): string
  state?: ListState
  /** The order the rows come in when nobody asked for another one. */
  comes?: string | undefined
  dim?: boolean
}

const WIDE_PX = 240
/** So wide is a column at least before a table is scrolled sideways; numbers are short. */
const TEXT_PX = 120
const NUMBER_PX = 72

/** Rows as a table; with a list's state its headers sort. */
export function Rows<Row>({ title, columns, rows, id, state, comes, dim = false }: RowsProps<Row>) {
  return (
    <Scroll
      title={title}
      minWidth={columns.reduce((sum, { right }) => sum + (right === true ? NUMBER_PX : TEXT_PX), 0)}
    >
      <Table highlightOnHover verticalSpacing="xs" aria-label={title} opacity={dim ? 0.6 : 1}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Header key={column.header} column={column} state={state} comes={comes} />
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={id(row)}>
              {columns.map(({ header, cell, right, wide }) => (
                <Table.Td
                  key={header}
                  ta={right === true ? 'right' : undefined}
                  miw={wide === true ? WIDE_PX : undefined}
                >
                  {cell(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  )
}

type HeaderProps<Row> = { column: Column<Row>; state: ListState | undefined; comes: string | undefined }

function Header<Row>({ column, state, comes }: HeaderProps<Row>) {
  const { header, sort, right } = column
  const align = right === true ? 'right' : undefined
  if (sort === undefined || state === undefined) {
    return (
      <Table.Th scope="col" ta={align}>
        {header}
      </Table.Th>
    )
  }
  const order = state.sort ?? comes
  const up = order === sort
  const down = order === `-${sort}`
  return (
    <Table.Th scope="col" ta={align} aria-sort={up ? 'ascending' : down ? 'descending' : 'none'}>
      <UnstyledButton fw={700} fz="sm" onClick={() => state.toggleSort(sort)}>
        {header}
        <span aria-hidden="true">{up ? ' ↑' : down ? ' ↓' : ' ↕'}</span>
        {(up || down) && (
          <VisuallyHidden>, {up ? common.list.sortedUp : common.list.sortedDown}</VisuallyHidden>
        )}
      </UnstyledButton>
    </Table.Th>
  )
}

function Pager({ state, shown, next }: { state: ListState; shown: number; next: string | null }) {
  if (next === null && state.page === 1) return null
  return (
    <Group justify="space-between">
      <Text size="sm" c="dimmed" role="status">
        {common.list.rows(shown, state.page)}
      </Text>
      <Group gap="xs">
        <Button variant="default" size="xs" disabled={state.page === 1} onClick={state.goFirst}>
          {common.list.first}
        </Button>
        <Button variant="default" size="xs" disabled={state.page === 1} onClick={state.goBack}>
          {common.list.previous}
        </Button>
        <Button variant="default" size="xs" disabled={next === null} onClick={() => next && state.goOn(next)}>
          {common.list.next}
        </Button>
      </Group>
    </Group>
  )
}
