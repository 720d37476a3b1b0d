// What names a purchase at the cloud, over time: a licence and a product code for one buyer, product and hour would be
// charged twice, and two agreements that go by one product code would be taken for one.
import { z } from 'zod'
import type { Agreement } from '../agreements/model.ts'
import type { Scope } from '../store/index.ts'
import type { UsageRecord } from './model.ts'
import type { SentRecord } from './request.ts'

type Name = 'license' | 'code'
const usedRow = z.object({
  agreement_id: z.string(),
  dimension: z.string(),
  hour: z.date(),
  named_by: z.enum(['license', 'code']),
  buyer_account_id: z.string(),
  product_id: z.string().nullable(),
})

const OTHER_NAME =
  'Other usage of this buyer and hour went out by the licence, and this agreement has none yet: by the product code it would be charged twice'
const NO_CODE =
  'Other usage of this buyer and hour went out by the product code: by the licence this would be charged twice'
const SAME_CODE =
  'Another agreement of this buyer has reported this dimension and hour by the product code: the cloud would take the two for one'

/** The record as it may be sent now, or why it has to wait. Asked once per record, in the order they are sent. */
export type Naming = (sent: SentRecord, agreement: Agreement) => SentRecord | string

/** Remembers by what the usage of each buyer, product and hour was named, also in the records that are named now. */
export async function readNaming(
  scope: Scope,
  connection_id: string,
  records: readonly UsageRecord[],
  known: ReadonlyMap<string, Agreement>,
): Promise<Naming> {
  const names = new Map<string, Name>()
  const coded = new Map<string, string>()
  const remember = (name: Name, hour: string, dimension: string, of: Owner & { agreement_id: string }) => {
    const place = placeOf(hour, of)
    names.set(place, names.get(place) ?? name)
    if (name === 'code') coded.set(`${place} ${dimension}`, of.agreement_id)
  }
  for (const row of await usedNames(scope, connection_id, records, known))
    remember(row.named_by, row.hour.toISOString(), row.dimension, row)
  return (sent, agreement) => {
    const wanted: Name = sent.license === null ? 'code' : 'license'
    const name = names.get(placeOf(sent.hour, agreement)) ?? wanted
    if (name === 'license' && sent.license === null) return OTHER_NAME
    if (name === 'code' && sent.product_code === null) return NO_CODE
    const other = coded.get(`${placeOf(sent.hour, agreement)} ${sent.dimension}`)
    if (name === 'code' && other !== undefined && other !== agreement.id) return SAME_CODE
    remember(name, sent.hour, sent.dimension, { ...agreement, agreement_id: agreement.id })
    return name === 'code' ? { ...sent, license: null } : sent
  }
}

type Owner = Pick<Agreement, 'buyer_account_id' | 'product_id'>

function placeOf(hour: string, { buyer_account_id, product_id }: Owner): string {
  return `${buyer_account_id} ${product_id} ${hour}`
}

/** By what the hours of these records' buyers were named so far. What the cloud did not look at names nothing. */
async function usedNames(
  { organisation_id, tx }: Scope,
  connection_id: string,
  records: readonly UsageRecord[],
  known: ReadonlyMap<string, Agreement>,
): Promise<z.infer<typeof usedRow>[]> {
  const buyers = [...new Set([...known.values()].map(({ buyer_account_id }) => buyer_account_id))]
  const hours = [...new Set(records.map(({ hour }) => hour.toISOString()))]
  return z.array(usedRow).parse(
    await tx.$queryRaw`
      SELECT r.agreement_id, r.dimension, r.hour, r.named_by, a.buyer_account_id, a.product_id
      FROM agreement a
      JOIN usage_record r ON r.organisation_id = a.organisation_id AND r.agreement_id = a.id
        AND r.hour = ANY(${hours}::timestamptz[]) AND r.named_by IS NOT NULL
        AND r.state IN ('pending', 'sending', 'accepted', 'refused', 'expired', 'written_off')
      WHERE a.organisation_id = ${organisation_id} AND a.connection_id = ${connection_id}
        AND a.buyer_account_id = ANY(${buyers})
      ORDER BY r.id`,
  )
}
