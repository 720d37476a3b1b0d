// A product as it is typed, and as the API takes it. Pure.
import type { paths } from '../../../client/index.ts'
import { examples } from '../../words/examples.ts'

export type ProductDraft = paths['/v1/products']['post']['requestBody']['content']['application/json']
type Dimension = ProductDraft['dimensions'][number]

export type DimensionForm = {
  key: string
  name: string
  description: string
  unit: string
  kind: Dimension['kind']
  aggregation: NonNullable<Dimension['aggregation']>
  multiplier: string
}
export const dimensionKinds = ['entitled', 'metered'] as const
export const aggregations = ['sum', 'max', 'last', 'count', 'unique'] as const

export type ProductForm = {
  name: string
  short_description: string
  long_description: string
  /** One on each line. */
  highlights: string
  /** With commas between them. */
  keywords: string
  categories: string
  logo_url: string
  support: string
  refund_policy: string
  dimensions: readonly DimensionForm[]
}

export function newDimension(kind: Dimension['kind'] = 'metered'): DimensionForm {
  return { key: '', name: '', description: '', unit: '', kind, aggregation: 'sum', multiplier: '1' }
}

export function newProduct(): ProductForm {
  const texts = { name: '', short_description: '', long_description: '', highlights: '', keywords: '' }
  const rest = { categories: '', logo_url: '', support: '', refund_policy: '' }
  return { ...texts, ...rest, dimensions: [newDimension('entitled')] }
}

/** A product that every cloud takes: one dimension bought ahead, one counted by usage. */
export function exampleProduct(): ProductForm {
  const { seats, scans, ...texts } = examples.product
  const dimensions = [
    { ...newDimension('entitled'), ...seats },
    { ...newDimension('metered'), ...scans },
  ]
  return { ...texts, dimensions }
}

/** The parts of a text, without blanks around them and without empty ones. */
export const parts = (text: string, between: RegExp) =>
  text
    .split(between)
    .map((part) => part.trim())
    .filter((part) => part !== '')

export function composeProduct(form: ProductForm): ProductDraft {
  const { highlights, keywords, categories, logo_url, support, refund_policy, dimensions, ...texts } = form
  return {
    ...texts,
    name: form.name.trim(),
    details: {
      highlights: parts(highlights, /\n/),
      keywords: parts(keywords, /,/),
      categories: parts(categories, /,/),
      logo_url: logo_url.trim(),
      support,
      refund_policy,
    },
    dimensions: dimensions.map(composeDimension),
  }
}

export function composeDimension({ kind, aggregation, multiplier, ...named }: DimensionForm): Dimension {
  const metered = { aggregation, multiplier: multiplier.trim() }
  // How events are counted is nobody's question of what is bought ahead.
  return { ...named, key: named.key.trim(), kind, ...(kind === 'metered' ? metered : {}) }
}
