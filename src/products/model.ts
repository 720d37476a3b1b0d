import type { DimensionKind } from '../../connectors/connector.ts'
import type { Decimal } from '../core/decimal.ts'

/** How the events of one hour become one number. */
export const aggregations = ['sum', 'max', 'last', 'count', 'unique'] as const
export type Aggregation = (typeof aggregations)[number]

export const dimensionKinds = ['entitled', 'metered'] as const satisfies readonly DimensionKind[]

/** What a product is counted in: entitled (bought ahead) or metered (reported). */
export type ProductDimension = {
  product_id: string
  key: string
  name: string
  description: string
  unit: string
  kind: DimensionKind
  aggregation: Aggregation
  /** Units the cloud charges per unit that the events count. */
  multiplier: Decimal
  position: number
}
