/** A listing as a cloud shows it, held against the draft that was published: the same comparison for every cloud. */
import { compare, type Decimal, formatDecimal } from '../src/core/decimal.ts'
import type {
  DimensionKind,
  ListedDimension,
  ListingDifference,
  ListingDraft,
  ListingValue,
} from './connector.ts'

const textFields = [
  'title',
  'short_description',
  'long_description',
  'highlights',
  'keywords',
  'categories',
  'logo_url',
  'fulfilment_url',
  'support',
  'refund_policy',
] as const
export type ListedText = (typeof textFields)[number]
/** Lists whose order means nothing. */
const UNORDERED: readonly string[] = ['keywords', 'categories', 'options.limited_to']

/** A dimension as a cloud shows it. Without kinds it was restricted: it is there, and nobody can buy it. */
export type ListedAs = Omit<ListedDimension, 'kind'> & { kinds: DimensionKind[] }
export type ListedPrices = {
  currency: string
  /** Every duration that has a price. */
  terms_months: number[]
  /** The prices of the draft's own duration, or of the first where that has none. */
  term_months: number
  entitled: Record<string, Decimal>
  metered: Record<string, Decimal>
}
/** What a cloud shows of a listing. What it does not tell, or keeps a copy of its own of, is missing. */
export type Listed = {
  texts: Partial<Pick<ListingDraft, ListedText>>
  dimensions: ListedAs[]
  prices?: ListedPrices
  options: Readonly<Record<string, string | string[]>>
}

/** Everything that differs, and the draft as it would be if the cloud is right. */
export function compareListing(
  draft: ListingDraft,
  listed: Listed,
): { differences: ListingDifference[]; theirs: ListingDraft } {
  const texts = textFields.flatMap((field) => {
    const theirs = listed.texts[field]
    return theirs === undefined || sameValue(field, draft[field], theirs)
      ? []
      : [{ field, ours: draft[field], theirs }]
  })
  const differences: ListingDifference[] = [
    ...texts,
    ...optionDifferences(draft, listed),
    ...draft.dimensions.flatMap((ours) => dimensionDifferences(draft, ours, listed)),
    ...unknownDimensions(draft, listed),
    ...(listed.prices === undefined ? [] : priceDifferences(draft.prices, listed.prices)),
  ]
  return { differences, theirs: draftOf(draft, listed) }
}

/** Whether two values of a field say the same. */
export function sameValue(field: string, ours: ListingValue, theirs: ListingValue): boolean {
  return normal(field, ours) === normal(field, theirs)
}

function normal(field: string, value: ListingValue): string {
  if (!Array.isArray(value)) return JSON.stringify(value?.trim() ?? null)
  const entries = value.map((entry) => entry.trim())
  return JSON.stringify(UNORDERED.includes(field) ? entries.toSorted() : entries)
}

/** An option that we never stated is the cloud's own affair. */
function optionDifferences({ options = {} }: ListingDraft, listed: Listed): ListingDifference[] {
  return Object.entries(listed.options).flatMap(([name, theirs]) => {
    const stated = options[name]
    const ours = typeof stated === 'string' ? stated : textsOf(stated)
    const field = `options.${name}`
    return ours === undefined || sameValue(field, ours, theirs) ? [] : [{ field, ours, theirs }]
  })
}

function textsOf(value: unknown): string[] | undefined {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string') ? value : undefined
}

function dimensionDifferences(
  draft: ListingDraft,
  ours: ListedDimension,
  { dimensions }: Listed,
): ListingDifference[] {
  const field = `dimensions.${ours.key}`
  const shown = dimensions.find(({ key }) => key === ours.key)
  const theirs = shown === undefined ? null : kindsText(shown.kinds)
  if (isRestricted(draft, ours.key)) {
    return shown === undefined || shown.kinds.length === 0 ? [] : [{ field, ours: 'restricted', theirs }]
  }
  if (shown === undefined || !shown.kinds.includes(ours.kind)) {
    const reason =
      shown === undefined ? 'missing' : shown.kinds.length === 0 ? 'restricted' : ('other_kind' as const)
    const stops = ours.kind === 'metered' ? { stops: { dimension: ours.key, reason } as const } : {}
    return [{ field, ours: ours.kind, theirs, ...stops }]
  }
  return (['name', 'description', 'unit'] as const).flatMap((part) =>
    sameValue(part, ours[part], shown[part])
      ? []
      : [{ field: `${field}.${part}`, ours: ours[part], theirs: shown[part] }],
  )
}

/** Dimensions that somebody made at the cloud and that we do not know. */
function unknownDimensions(draft: ListingDraft, { dimensions }: Listed): ListingDifference[] {
  return dimensions
    .filter(({ key, kinds }) => kinds.length > 0 && !draft.dimensions.some((one) => one.key === key))
    .map(({ key, kinds }) => ({ field: `dimensions.${key}`, ours: null, theirs: kindsText(kinds) }))
}

function kindsText(kinds: readonly DimensionKind[]): string {
  return kinds.length === 0 ? 'restricted' : kinds.join(', ')
}

export function isRestricted({ restricted }: Pick<ListingDraft, 'restricted'>, key: string): boolean {
  return restricted?.includes(key) ?? false
}

function priceDifferences(ours: ListingDraft['prices'], theirs: ListedPrices): ListingDifference[] {
  const found: ListingDifference[] = []
  if (ours.currency !== theirs.currency)
    found.push({ field: 'prices.currency', ours: ours.currency, theirs: theirs.currency })
  const terms = theirs.terms_months.map(String)
  const wanted = Object.keys(ours.entitled).length === 0 ? [] : [String(ours.term_months)]
  if (!sameValue('terms', wanted, terms))
    found.push({ field: 'prices.term_months', ours: wanted, theirs: terms })
  for (const kind of ['entitled', 'metered'] as const) {
    for (const key of new Set([...Object.keys(ours[kind]), ...Object.keys(theirs[kind])])) {
      const [our, their] = [ours[kind][key], theirs[kind][key]]
      if (our !== undefined && their !== undefined && compare(our, their) === 0) continue
      found.push({ field: `prices.${kind}.${key}`, ours: priceText(our), theirs: priceText(their) })
    }
  }
  return found
}

function priceText(price: Decimal | undefined): string | null {
  return price === undefined ? null : formatDecimal(price)
}

/** Our draft with everything that the cloud tells put in its place. */
function draftOf(draft: ListingDraft, listed: Listed): ListingDraft {
  const options = { ...draft.options }
  for (const { field, theirs } of optionDifferences(draft, listed))
    options[field.slice('options.'.length)] = theirs
  const known = draft.dimensions.map((ours) => {
    const shown = listed.dimensions.find(({ key }) => key === ours.key)
    if (shown === undefined) return ours
    const { kinds, ...texts } = shown
    const kind = kinds.includes(ours.kind) ? ours.kind : (kinds[0] ?? ours.kind)
    return { ...texts, kind }
  })
  const found = listed.dimensions.flatMap(({ kinds, ...texts }) => {
    const [first] = kinds
    const here = draft.dimensions.some(({ key }) => key === texts.key)
    return here || first === undefined
      ? []
      : [{ ...texts, kind: kinds.includes('metered') ? ('metered' as const) : first }]
  })
  const sold = new Set(listed.dimensions.filter(({ kinds }) => kinds.length > 0).map(({ key }) => key))
  const restricted = known.map(({ key }) => key).filter((key) => !sold.has(key))
  const { restricted: _, options: __, ...rest } = draft
  return {
    ...rest,
    ...listed.texts,
    dimensions: [...known, ...found],
    prices: pricesOf(listed.prices ?? draft.prices, restricted),
    ...(restricted.length === 0 ? {} : { restricted }),
    ...(draft.options === undefined ? {} : { options }),
  }
}

function pricesOf(
  { currency, term_months, entitled, metered }: ListingDraft['prices'],
  restricted: readonly string[],
): ListingDraft['prices'] {
  const sold = (prices: Record<string, Decimal>) =>
    Object.fromEntries(Object.entries(prices).filter(([key]) => !restricted.includes(key)))
  return { currency, term_months, entitled: sold(entitled), metered: sold(metered) }
}
