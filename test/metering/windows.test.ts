// Windows that changed over time: what counts is the one in force on the day of sending.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { meteringRules } from '../../connectors/aws/metering.ts'
import type { MeteringRules } from '../../connectors/connector.ts'
import { DAY_MS, HOUR_MS, plus } from '../../src/core/time.ts'
import { deadlineOf } from '../../src/metering/model.ts'
import { awsRules } from './rules.ts'

const open = { starts_at: null, ends_at: null }
const rules = {
  ...awsRules,
  month_cutoff_ms: 8 * HOUR_MS,
  earlier: [
    { until: '2026-03-01', window_ms: 48 * HOUR_MS, month_cutoff_ms: null },
    { until: '2026-06-01', window_ms: 6 * HOUR_MS, month_cutoff_ms: 6 * HOUR_MS },
  ],
}
const deadline = (hour: string, of: MeteringRules = rules) =>
  deadlineOf(of, open, new Date(hour)).toISOString()

describe('the deadline of an hour', () => {
  test('follows the window of its time', () => {
    expect(deadline('2026-02-10T10:00:00Z')).toBe('2026-02-12T10:00:00.000Z')
    expect(deadline('2026-04-10T10:00:00Z')).toBe('2026-04-10T16:00:00.000Z')
    expect(deadline('2026-04-30T23:00:00Z')).toBe('2026-05-01T05:00:00.000Z')
    expect(deadline('2026-06-10T10:00:00Z')).toBe('2026-06-11T10:00:00.000Z')
    expect(deadline('2026-06-30T12:00:00Z')).toBe('2026-07-01T08:00:00.000Z')
  })

  test('near a change is neither later than the narrower window nor earlier than the change', () => {
    expect(deadline('2026-02-28T10:00:00Z')).toBe('2026-03-01T00:00:00.000Z')
    expect(deadline('2026-02-28T22:00:00Z')).toBe('2026-03-01T04:00:00.000Z')
    expect(deadline('2026-05-31T17:00:00Z')).toBe('2026-05-31T23:00:00.000Z')
    expect(deadline('2026-05-31T20:00:00Z')).toBe('2026-06-01T08:00:00.000Z')
  })

  test('is always a moment up to which the window of the day takes the hour', () => {
    const windows = [
      ...rules.earlier.map(({ until, ...window }) => ({ ...window, until: Date.parse(until) })),
      { ...rules, until: Number.POSITIVE_INFINITY },
    ]
    const taken = (hour: Date, at: Date) => {
      const window = windows.find(({ until }) => at.getTime() < until)
      if (window === undefined) throw new Error('no window')
      const month_end = Date.UTC(hour.getUTCFullYear(), hour.getUTCMonth() + 1, 1)
      const cutoff = window.month_cutoff_ms
      return (
        at.getTime() - hour.getTime() < window.window_ms &&
        (cutoff === null || at.getTime() < month_end + cutoff)
      )
    }
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 180 * 24 }),
        fc.integer({ min: 0, max: 72 * 60 }),
        (at, minutes) => {
          const hour = plus(new Date('2026-01-15T00:00:00Z'), at * HOUR_MS)
          const sent_at = plus(hour, minutes * 60_000)
          if (sent_at < deadlineOf(rules, open, hour)) expect(taken(hour, sent_at)).toBe(true)
        },
      ),
      { numRuns: 2000 },
    )
  })
})

test('AWS took usage for six hours once, and for a day now', () => {
  expect(deadline('2025-12-10T10:00:00Z', meteringRules)).toBe('2025-12-10T16:00:00.000Z')
  expect(deadline('2026-01-10T10:00:00Z', meteringRules)).toBe('2026-01-11T10:00:00.000Z')
  expect(meteringRules.window_ms).toBe(DAY_MS)
})
