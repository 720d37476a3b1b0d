import { useSearchParams } from 'wouter'

/** Where a list stands, kept in the address: reload, back and a copied link show the same rows. */
export type ListState = {
  /** What the route is asked, the cursor included. */
  query: Record<string, string>
  page: number
  filters: ReadonlyMap<string, string>
  sort: string | undefined
  setFilter(name: string, value: string): void
  clearFilters(): void
  /** A column: upwards first, then downwards, then as the list comes. */
  toggleSort(key: string): void
  goOn(cursor: string): void
  goBack(): void
  goFirst(): void
}

/** The cursors of the pages behind this one; a cursor never holds the sign between them. */
const BETWEEN = '~'
/** So many pages can be gone back by button; browsers' own back goes further. */
const PAGES_MAX = 40

/** `names`: the filters of this list. Other parameters of the address are left alone. */
export function useListState(names: readonly string[], prefix = ''): ListState {
  const [parameters, setParameters] = useSearchParams()
  const read = (name: string) => parameters.get(prefix + name) ?? undefined
  const cursors = read('at')?.split(BETWEEN).filter(Boolean) ?? []
  const change = (next: Record<string, string | undefined>, replace = false) =>
    setParameters(
      (before) => {
        const after = new URLSearchParams(before)
        for (const [name, value] of Object.entries(next)) {
          if (value === undefined || value === '') after.delete(prefix + name)
          else after.set(prefix + name, value)
        }
        return after
      },
      { replace },
    )
  const filters = new Map(
    names.flatMap((name) => (read(name) === undefined ? [] : [[name, read(name) ?? '']])),
  )
  const sort = read('sort')
  const cursor = cursors.at(-1)
  return {
    query: {
      ...Object.fromEntries(filters),
      ...(sort === undefined ? {} : { sort }),
      ...(cursor === undefined ? {} : { cursor }),
    },
    page: cursors.length + 1,
    filters,
    sort,
    // Typing into a filter is one step of the browser's history, not one for each letter.
    setFilter: (name, value) => change({ [name]: value, at: undefined }, filters.has(name) && value !== ''),
    clearFilters: () =>
      change({ ...Object.fromEntries(names.map((name) => [name, undefined])), at: undefined }),
    toggleSort: (key) =>
      change({ sort: sort === key ? `-${key}` : sort === `-${key}` ? undefined : key, at: undefined }),
    goOn: (next) => change({ at: [...cursors, next].slice(-PAGES_MAX).join(BETWEEN) }),
    goBack: () => change({ at: cursors.slice(0, -1).join(BETWEEN) }),
    goFirst: () => change({ at: undefined }),
  }
}
