import { hour } from '../time.ts'
import type { World } from './world.ts'
import { addZonedDays, midnight, startOfZonedMonth, tenthBusinessDay, zonedDay } from './zone.ts'

// When a month's books are closed and reported.

function firstOf(month: string): number {
  const [year = '0', number = '1'] = month.split('-')
  return midnight(Number(year), Number(number), 1)
}

/** Usage becomes charges an hour into the next month. */
export function planUsageClose(world: World, month: string): void {
  const id = `gcp/usage/${month}`
  if (world.schedule.has(id)) return
  world.schedule.plan(id, startOfZonedMonth(firstOf(month), 1) + hour, 'gcp_usage_close', month)
}

/** Reports of a month come on the tenth business day of the next one. */
export function planMonth(world: World, provider: string, month: string): void {
  const id = `gcp/report/${provider}/${month}`
  if (world.schedule.has(id)) return
  const due = tenthBusinessDay(startOfZonedMonth(firstOf(month), 1))
  world.schedule.plan(id, due, 'gcp_report', `${provider}/${month}`)
}

/** What arrived on a day is in that day's insights, two days later. */
export function planInsights(world: World, provider: string, at: number): void {
  const date = zonedDay(at)
  const id = `gcp/insights/${provider}/${date}`
  if (world.schedule.has(id)) return
  world.schedule.plan(id, addZonedDays(at, 2) + 12 * hour, 'gcp_insights', `${provider}/${date}`)
}
