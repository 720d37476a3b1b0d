import type { ErrorDetail } from '../model.ts'
import { refuse } from './change-context.ts'

/**
 * AWS publishes no list of codes for changes of a SaaS product, so these are ours, all of them here. They are
 * formed as those of offers are: what is wrong, then with what.
 */
type ProductCode =
  | 'DUPLICATE_DIMENSION_KEYS'
  | 'INCOMPATIBLE_STATUS'
  | 'INVALID_BUYER_ACCOUNTS'
  | 'INVALID_DELIVERY_OPTION'
  | 'INVALID_DELIVERY_OPTION_ID'
  | 'INVALID_DIMENSION_KEY'
  | 'INVALID_DIMENSION_TYPES'
  | 'INVALID_REPLACEMENT_PRODUCT'
  | 'MISSING_DELIVERY_OPTIONS'
  | 'MISSING_DIMENSIONS'
  | 'MISSING_MANDATORY_FIELDS'
  | 'TOO_MANY_DIMENSIONS'

export function refuseProduct(code: ProductCode, message: string): ErrorDetail {
  return refuse(code, message)
}
