import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pageOfSlice, type Slice, sliceOf } from '../../src/core/order.ts'
import { Refusal } from '../../src/core/problem.ts'

const orders = {
  created_at: { column: 'id', holds: 'text' },
  name: { column: 'name', holds: 'text' },
} as const
type Row = { id: string; name: string }

/** What the database does with a slice, over rows in memory. */
function select(rows: readonly Row[], { where, orderBy, take }: Slice): Row[] {
  const fits = (row: Row, conditions: Record<string, unknown>): boolean =>
    Object.entries(conditions).every(([key, rule]) => {
      if (key === 'OR') return (rule as Record<string, unknown>[]).some((one) => fits(row, one))
      const value = row[key as keyof Row]
      if (typeof rule === 'string') return value === rule
      const { gt, lt } = rule as { gt?: string; lt?: string }
      return (gt === undefined || value > gt) && (lt === undefined || value < lt)
    })
  const compare = (a: Row, b: Row) => {
    for (const order of orderBy) {
      const [column, direction] = Object.entries(order)[0] as [keyof Row, string]
      if (a[column] !== b[column]) return a[column] < b[column] === (direction === 'asc') ? -1 : 1
    }
    return 0
  }
  const found = rows.filter((row) => fits(row, where))
  return found.sort(compare).slice(0, take)
}

test('page after page shows every row once, in order, whatever the order and however alike the rows', () => {
  const names = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 })
  const sorts = fc.constantFrom(undefined, 'name', '-name', 'created_at', '-created_at')
  fc.assert(
    fc.property(names, sorts, fc.integer({ min: 1, max: 7 }), (values, sort, limit) => {
      const rows = values.map((name, index) => ({ id: `id_${String(index).padStart(3, '0')}`, name }))
      const seen: Row[] = []
      let cursor: string | undefined
      do {
        const slice = sliceOf(orders, { sort, cursor, limit })
        const page = pageOfSlice(select(rows, slice), slice, (row) => row)
        seen.push(...page.items)
        expect(page.items.length).toBeLessThanOrEqual(limit)
        cursor = page.next ?? undefined
      } while (cursor !== undefined)
      expect(seen).toEqual(select(rows, sliceOf(orders, { sort, limit: 1000 })))
      expect(seen).toHaveLength(rows.length)
    }),
  )
})

test('a cursor of another order, or none at all, is refused', () => {
  const { cursorOf } = sliceOf(orders, { sort: 'name', limit: 1 })
  const cursor = cursorOf({ id: 'id_1' })
  expect(() => sliceOf(orders, { sort: '-name', cursor, limit: 1 })).toThrow(Refusal)
  expect(() => sliceOf(orders, { sort: 'name', cursor: 'bm9uZQ', limit: 1 })).toThrow(Refusal)
})
