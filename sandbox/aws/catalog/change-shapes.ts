import { z } from 'zod'

// The parts that the details of change types are made of.

export const date = z
  .string()
  .regex(/^[1-9]\d{3}-\d{2}-\d{2}$/, 'must be a date YYYY-MM-DD')
  .refine((text) => {
    const at = new Date(`${text}T00:00:00.000Z`)
    return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
  }, 'must be a day of the calendar')
export const duration = z.string().regex(/^P(?=.)(\d+Y)?(\d+M)?(\d+D)?$/, 'must be a duration such as P12M')
/** Lengths count characters, as JSON Schema does, not the UTF-16 units of zod's own limits. */
export const within = (minimum: number, maximum: number) =>
  z.string().refine((value) => {
    const { length } = [...value]
    return length >= minimum && length <= maximum
  }, `must have ${minimum} to ${maximum} characters`)
export const text = (maximum: number) =>
  within(1, maximum).regex(/^\S+[\S\s]*$/, 'must not start with a space')
export const amount = (places: number) =>
  z
    .string()
    .regex(
      new RegExp(`^(100000000(\\.0{0,${places}})?|\\d{1,8}(\\.\\d{0,${places}})?)$`),
      `must be a decimal with at most ${places} places, not above 100000000`,
    )
/** A reference to a change of the same change set stands where the id will be. */
export const referenceOr = <T extends z.ZodType>(type: T) =>
  z.union([z.string().regex(/^\$[\w-]+\.Entity\.Identifier$/), type])
export const currency = z.enum(['USD', 'EUR', 'GBP', 'AUD', 'JPY', 'CAD'])
export const maybe = <T extends z.ZodType>(type: T) => type.nullish()

export const address = (pattern: RegExp) => z.string().regex(pattern, 'must be a web address')

// The cloud takes https only. A loopback address is let through as well, so that a seller can be tested here.
export const fulfilmentUrl = within(8, 2048).refine(
  (url) => /https:\/\/[-\w@.]{1,256}\.[a-zA-Z0-9()]{1,63}\b/.test(url) || isLoopback(url),
  'must be an https address',
)

function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { hostname } = new URL(url)
  return hostname === '127.0.0.1' || hostname === 'localhost' || hostname.endsWith('.localhost')
}

export const constraint = z.enum(['Allowed', 'Disallowed'])
export const selector = z.strictObject({ Type: z.literal('Duration'), Value: duration })
export const constraints = z.strictObject({
  MultipleDimensionSelection: constraint,
  QuantityConfiguration: constraint,
})
export const preExisting = maybe(
  z.strictObject({
    AcquisitionChannel: z.enum(['AwsMarketplace', 'External']),
    PricingModel: z.enum(['Byol', 'Free', 'Usage', 'Contract']),
  }),
)
export const empty = z.strictObject({})
export const terms = <T extends z.ZodType>(term: T, minimum: number, maximum: number) =>
  z.strictObject({ Terms: z.array(term).min(minimum).max(maximum) })
