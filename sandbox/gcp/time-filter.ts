import { invalidField } from './errors.ts'

type Times = Record<string, number | undefined>

/** Comparisons of times joined by AND: all that the lists of the commerce producer API filter by. */
export function timeFilter(filter: string, known: string[]): (times: Times) => boolean {
  if (filter.trim() === '') return () => true
  const tests = filter.split(/\s+AND\s+/).map((part) => {
    const found = /^\s*(\w+)\s*(<=|>=|<|>|=|!=)\s*"([^"]+)"\s*$/.exec(part)
    const [, field = '', sign = '', text = ''] = found ?? []
    const wanted = Date.parse(text)
    if (!known.includes(field) || Number.isNaN(wanted)) {
      throw invalidField('filter', `compare ${known.join(' or ')} with a quoted instant`)
    }
    return (times: Times) => compare(times[field], sign, wanted)
  })
  return (times) => tests.every((test) => test(times))
}

/** An unset time lies beyond every instant: an offer without an end has not expired. */
function compare(actual: number | undefined, sign: string, wanted: number): boolean {
  const value = actual ?? Number.POSITIVE_INFINITY
  const results: Record<string, boolean> = {
    '<': value < wanted,
    '<=': value <= wanted,
    '>': value > wanted,
    '>=': value >= wanted,
    '=': value === wanted,
    '!=': value !== wanted,
  }
  return results[sign] ?? false
}
