import type { Collection, Store } from './journal.ts'

export type ThrottleRule = {
  service: string
  operation: string
  rate_per_second: number | null
  burst: number
}

export type Throttles = {
  set(rule: ThrottleRule): ThrottleRule
  list(): ThrottleRule[]
  /** Takes one token of the caller's bucket; false means too fast. Buckets fill by wall time. */
  take(account: string, service: string, operation: string): boolean
}

/** A token bucket for each account and operation. A rule whose rate is null lets everything through. */
export function createThrottles(store: Store, defaults: ThrottleRule[], wall: () => number): Throttles {
  const rules: Collection<ThrottleRule> = store.collection('throttles')
  const buckets = new Map<string, { tokens: number; at: number }>()
  const key = (service: string, operation: string) => `${service}/${operation}`
  for (const rule of defaults) {
    const id = key(rule.service, rule.operation)
    if (!rules.get(id)) rules.put(id, rule)
  }
  return {
    set: (rule) => {
      buckets.clear()
      return rules.put(key(rule.service, rule.operation), rule)
    },
    list: () => rules.all(),
    take(account, service, operation) {
      const rule = rules.get(key(service, operation))
      if (!rule || rule.rate_per_second === null) return true
      const id = `${account}/${key(service, operation)}`
      const now = wall()
      const bucket = buckets.get(id) ?? { tokens: rule.burst, at: now }
      const filled = Math.min(rule.burst, bucket.tokens + ((now - bucket.at) / 1000) * rule.rate_per_second)
      const allowed = filled >= 1
      buckets.set(id, { tokens: allowed ? filled - 1 : filled, at: now })
      return allowed
    },
  }
}
