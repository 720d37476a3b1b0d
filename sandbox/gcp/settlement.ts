import { decimal, format, sum } from '../money.ts'
import { day, hour } from '../time.ts'
import { planMonth } from './calendar.ts'
import type { Charge } from './finance-model.ts'
import { writeInsights, writeMonthReports } from './reports.ts'
import { customerOf, digits, providerOf, type World } from './world.ts'
import { addZonedDays, midnight, startOfZonedMonth, tenthBusinessDay, zonedMonth } from './zone.ts'

/** Google never pays for a customer that stays on probation this long. */
const abandonedAfter = 180 * day

export function insightsDue(world: World, subject: string): void {
  const [provider = '', date = ''] = subject.split('/')
  const [year = 0, month = 1, number = 1] = date.split('-').map(Number)
  writeInsights(world, provider, midnight(year, month, number))
}

/** Closes a month for a provider: each charge is paid or withheld, older ones are released or given up. */
export function settleMonth(world: World, subject: string): void {
  const [provider = '', month = ''] = subject.split('/')
  const now = world.clock.now()
  const settled: Charge[] = []
  for (const charge of world.charges.all()) {
    if (charge.provider !== provider) continue
    const changed = settle(world, charge, month, now)
    if (changed) settled.push(world.charges.put(charge.id, changed))
  }
  if (settled.length === 0) return
  writeMonthReports(world, provider, month, settled)
  const paid = settled.filter((charge) => charge.status === 'paid' || charge.status === 'released')
  const total = sum(paid.map((charge) => decimal(charge.payout)))
  const account = providerOf(world, provider)
  if (total <= 0n || !account) return
  const due = addZonedDays(startOfZonedMonth(now), account.payout_day - 1) + 12 * hour
  const id = world.random.uuid()
  world.payouts.put(id, {
    payout_id: id,
    account_id: provider,
    amount: format(total),
    currency: 'USD',
    reference: world.random.text(10, digits),
    month,
    paid_at: due,
    arrives_at: due + account.bank_delay_days * day,
  })
}

function settle(world: World, charge: Charge, month: string, now: number): Charge | undefined {
  const pays = customerOf(world, charge.billing_account)?.pays ?? false
  if (charge.status === 'open' && charge.month <= month) {
    return { ...charge, status: pays ? 'paid' : 'withheld', reported_in: month }
  }
  if (charge.status !== 'withheld') return undefined
  if (pays) return { ...charge, status: 'released', released_in: month }
  const old = charge.at < now - abandonedAfter
  return old ? { ...charge, status: 'abandoned', released_in: month } : undefined
}

/** Whoever pays again has what was withheld released with the next report. */
export function releaseWithheld(world: World, billingAccount: string): void {
  const month = zonedMonth(startOfZonedMonth(world.clock.now()) - hour)
  for (const charge of world.charges.all()) {
    if (charge.billing_account !== billingAccount || charge.status !== 'withheld') continue
    const due = tenthBusinessDay(world.clock.now())
    const next = due > world.clock.now() ? month : zonedMonth(world.clock.now())
    planMonth(world, charge.provider, next)
  }
}
