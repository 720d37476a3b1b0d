// Months pass, for all clouds at once, until the money is there and the partner is told.
import { type Client, unwrap } from '../client/index.ts'
import { ENDS_AT } from './scenario.ts'
import { DAY, keyed, listed, type Seats, type Sold, type Teller } from './teller.ts'
import type { Seat, World } from './world.ts'

/** When each day is looked at: after the clouds' pay-out runs at noon. */
const LOOKED_AT_MS = 12.5 * 60 * 60 * 1000

export async function waitForPayouts(teller: Teller, seats: Seats, deals: readonly Sold[]): Promise<void> {
  const names = listed(deals.map(({ world }) => world.name))
  teller.report(
    `Months pass: ${names} invoice, the buyers pay, the clouds disburse, the bank statements arrive.`,
  )
  const end = Date.parse(ENDS_AT)
  for (let now = (await teller.sandbox.now()).getTime(); now < end; ) {
    const day = new Date(now).toISOString().slice(0, 10)
    // Whatever happens on a day happens before it is left behind; told again, it changes nothing.
    for (const deal of deals) await deal.world.onDay?.(day)
    const next = new Date(Math.min(nextLook(now), end))
    if (next.getUTCDate() === 1) teller.report(`It is ${next.toISOString().slice(0, 10)}.`)
    await teller.move(next)
    now = (await teller.sandbox.now()).getTime()
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

function nextLook(now: number): number {
  const today = Math.floor(now / DAY) * DAY + LOOKED_AT_MS
  return today > now ? today : today + DAY
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
