// A record's split by tags, as AWS takes it: the parts of a record that a buyer finds as vendor-metered tags.
import type { UsageAllocation } from '@aws-sdk/client-marketplace-metering'
import { compare, formatDecimal, sum } from '../../../src/core/decimal.ts'
import type { AllocationRules, MeterRecord } from '../../connector.ts'

/** Source: the API model of the metering service. The bytes are those of the JSON in which the client writes a part. */
export const allocationRules: AllocationRules = { max: 2500, bytes: 50, tag_bytes: 22 }

const TAGS_MAX = 5
const KEY = /^[a-zA-Z0-9+ \-=._:/@]{1,100}$/
const VALUE = /^[a-zA-Z0-9+ \-=._:/@]{1,256}$/

/** Tags in the order of their keys, so that the same record is the same text whenever it is written. */
function tagList(tags: Readonly<Record<string, string>>) {
  const sorted = Object.entries(tags).toSorted(([left], [right]) => (left < right ? -1 : 1))
  return sorted.map(([Key, Value]) => ({ Key, Value }))
}

export function toUsageAllocations({ allocations }: MeterRecord): { UsageAllocations?: UsageAllocation[] } {
  if (allocations === undefined || allocations === null) return {}
  const parts = allocations.map(({ tags, quantity }) => {
    const AllocatedUsageQuantity = Number(formatDecimal(quantity))
    const Tags = tagList(tags)
    return Tags.length === 0 ? { AllocatedUsageQuantity } : { AllocatedUsageQuantity, Tags }
  })
  return { UsageAllocations: parts }
}

/** AWS throws a whole request back for one of these. */
export function wrongAllocations({ allocations, quantity }: MeterRecord): string | undefined {
  if (allocations === undefined || allocations === null) return undefined
  if (allocations.length < 1 || allocations.length > allocationRules.max) {
    return `AWS takes 1 to ${allocationRules.max} allocations per record, and these are ${allocations.length}.`
  }
  const whole = allocations.every(
    (one) => one.quantity.coefficient >= 0n && !formatDecimal(one.quantity).includes('.'),
  )
  if (!whole || compare(sum(allocations.map((one) => one.quantity)), quantity) !== 0) {
    return 'Allocations must be whole numbers that add up to the quantity of the record.'
  }
  const sets = new Set(allocations.map(({ tags }) => JSON.stringify(tagList(tags))))
  if (sets.size < allocations.length) return 'The same set of tags stands in two allocations of the record.'
  const wrong = allocations.find(({ tags }) => !areSound(Object.entries(tags)))
  return wrong === undefined
    ? undefined
    : `AWS does not take the tags ${JSON.stringify(wrong.tags)}: at most ${TAGS_MAX}, of letters, digits, spaces and + - = . _ : / @.`
}

function areSound(tags: readonly (readonly [string, string])[]): boolean {
  return tags.length <= TAGS_MAX && tags.every(([key, value]) => KEY.test(key) && VALUE.test(value))
}
