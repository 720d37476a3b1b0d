// Records that a cloud refused because of their dimension wait for their listing.
import type { MeterAnswer } from '../../connectors/connector.ts'
import * as agreements from '../agreements/index.ts'
import { holdRefused } from '../listings/index.ts'
import type { Scope } from '../store/index.ts'
import { schedule } from '../work/index.ts'
import type { UsageRecord } from './model.ts'
import { backToPending } from './store-records.ts'

type Refused = Extract<MeterAnswer, { status: 'refused' }>

/**
 * The cloud refused the dimension and took nothing: the records wait with the rest of their dimension until the listing
 * is mended, and are then sent again as they were. An earlier attempt may have brought them there before: that makes no
 * difference, because what was sent once does not grow and keeps its name. Answers what waits now.
 */
export async function holdBack(
  scope: Scope,
  connection_id: string,
  refused: readonly Refused[],
  waiting: ReadonlyMap<string, UsageRecord>,
  may_have_arrived: boolean,
): Promise<string[]> {
  const held: string[] = []
  const known = await agreements.findMany(scope, [
    ...new Set([...waiting.values()].map(({ agreement_id }) => agreement_id)),
  ])
  const answers = new Map<string, boolean>()
  for (const { id, code, message, about } of refused) {
    const record = waiting.get(id)
    const agreement = known.get(record?.agreement_id ?? '')
    if (about !== 'dimension' || record === undefined || agreement === undefined) continue
    const { dimension } = record
    const place = `${agreement.product_id} ${agreement.cloud_product_id} ${dimension}`
    const waits = answers.get(place) ?? (await holdRefused(scope, connection_id, agreement, dimension))
    answers.set(place, waits)
    if (!waits) continue
    held.push(id)
    await backToPending(scope, [id], `${code}: ${message}`, may_have_arrived)
  }
  if (held.length > 0) await schedule(scope, { kind: 'metering.batch', key: connection_id })
  return held
}
