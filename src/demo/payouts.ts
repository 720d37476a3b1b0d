// Months pass, for all clouds at once, until the money is there and the partner is told.
import { type Client, unwrap } from '../client/index.ts'
import { ENDS_AT } from './scenario.ts'
import { DAY, HOUR, keyed, type Seats, type Sold, type Teller } from './teller.ts'
import type { Seat, World } from './world.ts'

/** Days are looked at after the clouds' pay-out runs at noon; the service comes by every third day at least. */
const LOOKED_AT_MS = 12.5 * HOUR
const DAYS_MAX = 3

export async function waitForPayouts(teller: Teller, seats: Seats, deals: readonly Sold[]): Promise<void> {
  teller.report('Months pass: the clouds invoice, the buyers pay, the clouds disburse, the banks book it.')
  const end = new Date(ENDS_AT)
  const events = new Set(deals.flatMap(({ world }) => Object.keys(world.days ?? {})))
  for (let now = await teller.sandbox.now(); now < end; now = await teller.sandbox.now()) {
    // Whatever happens on a day happens before it is left behind; told again, it changes nothing.
    for (const { world } of deals) await world.days?.[dayOf(now)]?.()
    const next = nextLook(now, events)
    if (next.getUTCDate() === 1) teller.report(`It is ${dayOf(next)}.`)
    await teller.move(next < end ? next : end)
  }
  for (const { world, reseller_connection } of deals) {
    await bringBankStatement(teller, seats.vendor, world, 'vendor')
    if (reseller_connection !== null) await bringBankStatement(teller, seats.reseller, world, 'reseller')
  }
  await teller.settle()
  for (const { world, partner } of deals) {
    for (const month of world.scenario.stated_months) {
      const params = keyed(`${world.cloud}-partner-${month}`)
      unwrap(
        await seats.vendor.POST('/v1/partner-statements', { params, body: { partner_id: partner, month } }),
      )
    }
  }
  await teller.settle()
}

function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10)
}

/** No first of a month is passed over, and no day on which something happens. */
function nextLook(now: Date, events: ReadonlySet<string>): Date {
  const today = Math.floor(now.getTime() / DAY) * DAY + LOOKED_AT_MS
  if (today > now.getTime()) return new Date(today)
  for (let days = 1; days < DAYS_MAX; days += 1) {
    const next = new Date(today + days * DAY)
    if (next.getUTCDate() === 1 || events.has(dayOf(next))) return next
  }
  return new Date(today + DAYS_MAX * DAY)
}

/** Each cloud pays into a bank account of its own, named after it. */
async function bringBankStatement(teller: Teller, client: Client, world: World, seat: Seat): Promise<void> {
  const { account_id } = world.scenario.sellers[seat]
  const text = await teller.sandbox.bankStatement(account_id)
  unwrap(
    await client.POST('/v1/statements', {
      params: {
        query: { name: `bank-${account_id}-2026-04.csv`, source: 'bank', bank_account: world.cloud },
      },
      body: text,
      bodySerializer: () => text,
      headers: { 'content-type': 'text/csv' },
    }),
  )
}
