import { z } from 'zod'
import { parseDate } from '../../time.ts'
import type { Agreement, Json, Term } from '../model.ts'
import type { World } from '../world.ts'
import { agreementFor, paged, readBody } from './problems.ts'
import { id, paging } from './shapes.ts'

const schema = z.object({ agreementId: id, ...paging })

/** The terms a buyer accepted, each under its own key of the union. */
export function agreementTerms(world: World, account: string, body: Json): object {
  const { agreementId, ...page } = readBody(schema, body)
  const agreement = agreementFor(world, account, agreementId)
  return paged('acceptedTerms', agreement.terms, page, (term) => ({
    [lower(term.Type)]: acceptedTerm(agreement, term),
  }))
}

const lower = (name: string) => name.charAt(0).toLowerCase() + name.slice(1)
const instants = new Set(['ChargeDate', 'AgreementStartDate', 'AgreementEndDate'])

/** This API writes names in camel case and dates as epoch seconds, unlike the catalog. */
function camel(value: unknown, name = ''): Json {
  if (typeof value === 'string' && instants.has(name)) return parseDate(value) / 1000
  if (Array.isArray(value)) return value.map((item: unknown) => camel(item))
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, item]) => item !== undefined && item !== null)
    return Object.fromEntries(fields.map(([key, item]) => [lower(key), camel(item, key)]))
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}

function acceptedTerm(agreement: Agreement, term: Term): Json {
  const { PriceIncrease, TermTemplates, ...plain } = term
  const shown = camel(plain)
  if (typeof shown !== 'object' || shown === null || Array.isArray(shown)) return shown
  if (term.Type === 'ConfigurableUpfrontPricingTerm' && agreement.configuration) {
    const dimensions = Object.entries(agreement.configuration.dimensions).map(
      ([dimensionKey, dimensionValue]) => ({ dimensionKey, dimensionValue }),
    )
    return { ...shown, configuration: { selectorValue: agreement.configuration.selector, dimensions } }
  }
  if (term.Type === 'RenewalTerm') {
    const increase = priceIncreaseOf(PriceIncrease)
    const templates = templatesOf(TermTemplates)
    return {
      ...shown,
      ...(increase ? { priceIncrease: increase } : {}),
      ...(templates ? { termTemplates: templates } : {}),
      configuration: { enableAutoRenew: agreement.auto_renew },
    }
  }
  return shown
}

const increaseSchema = z.object({
  Type: z.string(),
  Value: z.string().nullish(),
  Range: z.object({ MinValue: z.string(), MaxValue: z.string(), DefaultValue: z.string() }).nullish(),
})

/** The catalog tells the two kinds apart by their type; here they are a union. */
function priceIncreaseOf(value: unknown): Json | undefined {
  const read = increaseSchema.safeParse(value).data
  if (!read) return undefined
  return read.Range
    ? { percentageRange: camel(read.Range) }
    : { fixedPercentage: { value: read.Value ?? '0' } }
}

function templatesOf(value: unknown): Json | undefined {
  const read = z.array(z.looseObject({ Type: z.string() })).safeParse(value).data
  return read?.map(({ Type, ...template }) => ({ [lower(Type)]: camel(template) }))
}
