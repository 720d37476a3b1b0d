// Months pass until the money is there and the partner is told.
import { unwrap } from '../client/index.ts'
import { ENDS_AT, RESELLER, STARTS_AT, VENDOR } from './scenario.ts'
import { DAY, keyed, type Seats, type Teller } from './teller.ts'

export async function waitForPayouts(teller: Teller, seats: Seats): Promise<void> {
  teller.report('Months pass: AWS invoices, the buyers pay, AWS disburses, the bank statement arrives.')
  const end = Date.parse(ENDS_AT)
  for (;;) {
    const now = (await teller.sandbox.now()).getTime()
    if (now >= end) break
    const next = new Date(Math.min(now + DAY, end))
    if (next.getUTCDate() === 1) teller.report(`It is ${next.toISOString().slice(0, 10)}.`)
    await teller.move(next)
  }
  for (const [client, account] of [
    [seats.vendor, VENDOR.account_id],
    [seats.reseller, RESELLER.account_id],
  ] as const) {
    const text = await teller.sandbox.bankStatement(account)
    unwrap(
      await client.POST('/v1/statements', {
        params: { query: { name: `bank-${account}-2026-04.csv`, source: 'bank', bank_account: 'main' } },
        body: text,
        bodySerializer: () => text,
        headers: { 'content-type': 'text/csv' },
      }),
    )
  }
  await teller.settle()
  const month = STARTS_AT.slice(0, 4)
  for (const number of ['02', '03', '04']) {
    const body = { partner_id: seats.partner, month: `${month}-${number}` }
    unwrap(await seats.vendor.POST('/v1/partner-statements', { params: keyed(`partner-${number}`), body }))
  }
  await teller.settle()
}
