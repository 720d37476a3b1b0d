// A live listing as it is typed, and as the API takes its change. Pure.
import type { paths, Schemas } from '../../../client/index.ts'
import { parts } from './product-draft.ts'
import type { TextsForm } from './product-texts.tsx'

type Body = paths['/v1/listings/{id}/update']['post']['requestBody']['content']['application/json']
type Content = Schemas['ListingContent']
type Currency = NonNullable<Body['prices']>['currency']

export type ListedForm = Pick<
  Content['dimensions'][number],
  'key' | 'name' | 'description' | 'unit' | 'kind'
> & {
  sold: boolean
  /** The product has gained it since, and the cloud does not know it. */
  gained: boolean
}
export type ListingForm = {
  texts: TextsForm
  dimensions: readonly ListedForm[]
  currency: string
  term: string
  prices: Readonly<Record<string, string>>
}

/** What the listing says, or is to say, with what its product has gained since. */
export function listingForm(content: Content, product: Schemas['Product']): ListingForm {
  const { dimensions, prices, title, highlights, keywords, categories } = content
  const gained = product.dimensions.filter(({ key }) => !dimensions.some((one) => one.key === key))
  return {
    texts: {
      name: title,
      short_description: content.short_description,
      long_description: content.long_description,
      highlights: highlights.join('\n'),
      keywords: keywords.join(', '),
      categories: categories.join(', '),
      logo_url: content.logo_url,
      support: content.support,
      refund_policy: content.refund_policy,
    },
    dimensions: [
      ...dimensions.map(({ restricted, ...one }) => ({ ...one, sold: !restricted, gained: false })),
      ...gained.map(({ key, name, description, unit, kind }) => ({
        ...{ key, name, description, unit, kind },
        sold: false,
        gained: true,
      })),
    ],
    currency: prices.currency,
    term: String(prices.term_months),
    prices: { ...prices.entitled, ...prices.metered },
  }
}

export function soldOf({ dimensions }: ListingForm): ListedForm[] {
  return dimensions.filter(({ sold }) => sold)
}

export function composeListing(form: ListingForm): Body {
  const { name, highlights, keywords, categories, logo_url, ...texts } = form.texts
  const of = (kind: string) =>
    Object.fromEntries(
      soldOf(form)
        .filter((one) => one.kind === kind)
        .map(({ key }) => [key, (form.prices[key] ?? '').trim()]),
    )
  return {
    ...texts,
    title: name.trim(),
    highlights: parts(highlights, /\n/),
    keywords: parts(keywords, /,/),
    categories: parts(categories, /,/),
    logo_url: logo_url.trim(),
    dimensions: form.dimensions.map(({ key, name, description, sold }) => ({
      key,
      name: name.trim(),
      description: description.trim(),
      restricted: !sold,
    })),
    prices: {
      // The choice is made from the service's own list of currencies.
      currency: form.currency as Currency,
      term_months: Number(form.term),
      entitled: of('entitled'),
      metered: of('metered'),
    },
  }
}
