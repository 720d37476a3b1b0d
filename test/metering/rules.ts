import type { MeteringRules } from '../../connectors/connector.ts'
import { DAY_MS, HOUR_MS } from '../../src/core/time.ts'

/** Rules like AWS's, for tests of planning and reporting without a real connector. */
export const awsRules: MeteringRules = {
  grain: 'one_per_hour',
  batch_max: 25,
  batch_bytes_max: 1_000_000,
  one_product_per_request: true,
  requests_per_second: 10,
  burst: 10,
  window_ms: DAY_MS,
  month_cutoff_ms: 6 * HOUR_MS,
  quantity: 'whole',
  zero_allowed: true,
  draws_included: 'cloud',
  after_end_ms: HOUR_MS,
  named_by: 'license',
  allocations: { max: 2500, bytes: 50, tag_bytes: 22 },
  read_back: false,
  unknown_outcome: 'send_identical',
}
