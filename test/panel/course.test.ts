// Where the clock stops on its way, and when a month's money is at the bank.
import { expect, test } from 'vitest'
import { nextStop, paidAt } from '../../src/sandbox/course.ts'
import { durationMs } from '../../src/sandbox/duration.ts'

const at = (text: string) => new Date(`2026-${text}Z`)

/** Every stop of a way on which nothing is waited for. */
function stops(from: Date, to: Date, awaited?: Date): string[] {
  const found: string[] = []
  for (let now = from; now < to; ) {
    now = nextStop({ from, to }, now, awaited !== undefined && awaited > now ? awaited : undefined)
    found.push(now.toISOString().slice(5, 16))
  }
  return found
}

test('the first steps are small, and the last one is the end', () => {
  expect(stops(at('01-05T09:00:00'), at('01-05T10:00:00'))).toEqual([
    '01-05T09:01',
    '01-05T09:02',
    '01-05T09:05',
    '01-05T09:10',
    '01-05T09:20',
    '01-05T09:30',
    '01-05T10:00',
  ])
})

test('later it stops after noon: on the first days on each, then on every third', () => {
  expect(stops(at('01-05T09:00:00'), at('01-14T09:00:00')).slice(10)).toEqual([
    '01-05T17:00',
    '01-06T12:30',
    '01-07T12:30',
    '01-10T12:30',
    '01-13T12:30',
    '01-14T09:00',
  ])
})

test('it stops where something awaited falls due, and never moves beyond the end for it', () => {
  const from = at('01-05T09:00:00')
  expect(stops(from, at('01-05T09:10:00'), at('01-05T09:07:00'))).toContain('01-05T09:07')
  expect(stops(from, at('01-05T09:04:00'), at('01-05T09:07:00')).at(-1)).toBe('01-05T09:04')
})

test('a cloud that is asked every minute for a month does not make the way endless', () => {
  const from = at('01-05T09:00:00')
  const to = at('02-05T09:00:00')
  let now = from
  let steps = 0
  for (; now < to; steps += 1) {
    const before = now
    now = nextStop({ from, to }, now, new Date(now.getTime() + 60_000))
    expect(now > before).toBe(true)
  }
  expect(now).toEqual(to)
  expect(steps).toBeLessThan(220)
})

test.each([
  ['01-05T09:00:00', '2026-03-18T12:30:00.000Z'],
  ['01-31T23:59:59', '2026-03-18T12:30:00.000Z'],
  ['11-01T00:00:00', '2027-01-18T12:30:00.000Z'],
  ['12-15T12:00:00', '2027-02-18T12:30:00.000Z'],
])('what is sold in the month of %s is paid by %s', (now, paid) => {
  expect(paidAt(at(now)).toISOString()).toBe(paid)
})

test.each([
  ['PT1H', 3_600_000],
  ['P1D', 86_400_000],
  ['P1DT2H3M4S', 93_784_000],
  ['P2W', 1_209_600_000],
  ['PT90M', 5_400_000],
])('%s is %d milliseconds', (text, length_ms) => {
  expect(durationMs(text)).toBe(length_ms)
})

test.each(['P', 'PT', 'P0D', 'PT1.5H', '1H', 'P1M', 'P1Y', ' PT1H'])('"%s" is no length of time', (text) => {
  expect(durationMs(text)).toBeUndefined()
})
