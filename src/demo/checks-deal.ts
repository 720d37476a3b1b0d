// One cloud's deal: usage against the cloud's own count, and the partner's share against its statements.
import type { Client, Schemas } from '../client/index.ts'
import { decimal, formatDecimal, isZero, negate } from '../core/decimal.ts'
import { type Check, equal, total } from './checks.ts'
import { readAccounts, readPartnerStatements } from './reading.ts'
import type { Seats, Sold } from './teller.ts'

export async function checkUsage(
  { world }: Sold,
  usage: readonly Schemas['UsageSummary'][],
): Promise<Check[]> {
  const { cloud } = world
  const accepted = total(await world.acceptedUsage())
  const ours = total(usage.map((meter) => meter.accepted))
  const unbalanced = usage.filter((meter) => {
    const rest = total([meter.drawn, meter.sent, meter.carried, meter.lost])
    return !meter.balanced || formatDecimal(rest) !== formatDecimal(decimal(meter.used))
  })
  return [
    {
      name: `${cloud} usage: used = drawn + sent + carried + lost`,
      ok: unbalanced.length === 0 && usage.length === 2,
      detail: usage
        .map((meter) => `${meter.used} = ${meter.drawn} + ${meter.sent} + ${meter.carried} + ${meter.lost}`)
        .join('; '),
    },
    equal(`${cloud} usage: what we sent is what the cloud accepted`, ours, accepted, ['sent', 'accepted']),
    {
      name: `${cloud} usage: the cloud's own reports say the same`,
      ok: usage.every((meter) => meter.difference !== null && isZero(decimal(meter.difference))),
      detail: usage.map((meter) => `${meter.cloud} reported`).join('; '),
    },
  ]
}

export function checkReconciled(name: string, reconciliation: readonly Schemas['Reconciliation'][]): Check {
  const unexplained = reconciliation.filter((item) => !item.explained)
  return {
    name: `${name}: expected against received, every difference named`,
    ok: unexplained.length === 0 && reconciliation.length > 0,
    detail: unexplained.length === 0 ? `${reconciliation.length} agreements` : JSON.stringify(unexplained),
  }
}

/** What the vendor's books owe the partner for sales on this cloud, and what the reseller reads of it. */
export async function checkPartner({ vendor, reseller }: Seats, { world, partner }: Sold): Promise<Check[]> {
  const ofPartner = async (client: Client) =>
    (await readPartnerStatements(client)).filter((statement) => statement.content.partner_id === partner)
  const [statements, seen] = [await ofPartner(vendor), await ofPartner(reseller)]
  const payable = await readAccounts(vendor, `liability:partner:${partner}`)
  return [
    equal(
      `${world.cloud} partner: payable is the sum of the statements`,
      negate(total(payable.map((account) => account.balance))),
      total(statements.map((statement) => statement.total.amount)),
      ['payable', 'stated'],
    ),
    {
      name: `${world.cloud} partner: the reseller reads the same statements`,
      ok: seen.length === statements.length && seen.length > 0,
      detail: `${seen.length} of ${statements.length}`,
    },
  ]
}
