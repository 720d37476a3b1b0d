// Reporting usage, for the scenarios about it.
import type { MeterAnswer, MeterRecord } from '../../../connectors/connector.ts'
import { equal, faultOf, holds } from '../claims.ts'
import { facet } from '../deal.ts'
import type { Market, Refused } from '../world.ts'

/** One request of records, as its caller: the vendor unless it is said. */
export async function answers(
  market: Market,
  records: readonly MeterRecord[],
  connection = market.vendor,
): Promise<MeterAnswer[]> {
  return (await facet(market, 'metering').report(connection, records)).answers
}

/** A cloud throws back the whole request over one record, or refuses the record alone. */
export async function claimRefused(
  market: Market,
  records: readonly MeterRecord[],
  { as, code }: Refused,
  connection = market.vendor,
): Promise<void> {
  if (as === 'fault') {
    const fault = await faultOf(
      () => answers(market, records, connection),
      ['invalid', 'forbidden', 'not_found'],
    )
    equal(fault.cloudCode, code, "The cloud's code")
    return
  }
  const found = await answers(market, records, connection)
  for (const answer of found) holds(answer, { status: 'refused', code, message: /\w/ }, 'The answer')
  equal(found.length, records.length, 'The number of answers')
}
