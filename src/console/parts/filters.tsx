import { Button, Group, NativeSelect, TextInput } from '@mantine/core'
import { common } from '../words/index.ts'
import { stateText } from './state.tsx'
import type { ListState } from './use-list-state.ts'

/** A filter of a list, by the name its route has for it. Options without labels are states. */
export type Filter =
  | { name: string; label: string; kind: 'text' | 'day' | 'month' }
  | {
      name: string
      label: string
      kind: 'choice'
      /** What nothing chosen is called, where that is not everything. */
      none?: string
      options: readonly (string | { value: string; label: string })[]
    }

const TYPES = { text: 'search', day: 'date', month: 'month' } as const

/** `title`: the list's, by which its filters are told from those of another one on the screen. */
type FiltersProps = { filters: readonly Filter[]; state: ListState; title: string }

/** The filters of a list; each change is asked at once. */
export function Filters({ filters, state, title }: FiltersProps) {
  return (
    <Group gap="sm" align="flex-end" role="search" aria-label={common.list.filters(title)}>
      {filters.map((filter) => {
        const value = state.filters.get(filter.name) ?? ''
        const set = (next: string) => state.setFilter(filter.name, next)
        if (filter.kind === 'choice') {
          const data = filter.options.map((option) =>
            typeof option === 'string' ? { value: option, label: stateText(option) } : option,
          )
          return (
            <NativeSelect
              key={filter.name}
              label={filter.label}
              size="sm"
              maw={280}
              value={value}
              data={[{ value: '', label: filter.none ?? common.all }, ...data]}
              onChange={(event) => set(event.currentTarget.value)}
            />
          )
        }
        return (
          <TextInput
            key={filter.name}
            label={filter.label}
            size="sm"
            type={TYPES[filter.kind]}
            value={value}
            {...(filter.kind === 'text' ? { 'data-search': true } : {})}
            onChange={(event) => set(event.currentTarget.value)}
          />
        )
      })}
      {state.filters.size > 0 && (
        <Button variant="subtle" size="sm" onClick={state.clearFilters}>
          {common.list.clear}
        </Button>
      )}
    </Group>
  )
}
