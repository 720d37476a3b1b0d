import type { Dimension, ErrorDetail, Product } from '../model.ts'
import { type ChangeHandler, withoutNulls } from './change-context.ts'
import { refuseProduct } from './product-codes.ts'

/** The newer of the two published quotas. */
const mostDimensions = 200

/** Metered outside AWS is still metered: the cloud adds the general type and lists it first. */
function normaliseTypes(types: string[]): string[] {
  const all = new Set(types)
  if (all.has('ExternallyMetered')) all.add('Metered')
  return ['Entitled', 'Metered', 'ExternallyMetered'].filter((type) => all.has(type))
}

const addDimensions: ChangeHandler<Product> = (_context, product, details) => {
  const errors: ErrorDetail[] = []
  for (const dimension of details as Dimension[]) {
    if (product.dimensions.some((existing) => existing.Key === dimension.Key)) {
      const message = `The dimension ${dimension.Key} exists already.`
      errors.push(refuseProduct('DUPLICATE_DIMENSION_KEYS', message))
    } else product.dimensions.push({ ...dimension, Types: normaliseTypes(dimension.Types) })
  }
  if (product.dimensions.length > mostDimensions) {
    const message = `A product has at most ${mostDimensions} dimensions.`
    errors.push(refuseProduct('TOO_MANY_DIMENSIONS', message))
  }
  return errors
}

function eachDimension(
  product: Product,
  changes: Partial<Dimension>[],
  change: (found: Dimension, to: Partial<Dimension>) => ErrorDetail[],
) {
  const errors: ErrorDetail[] = []
  for (const to of changes) {
    const found = product.dimensions.find((dimension) => dimension.Key === to.Key)
    if (found) errors.push(...change(found, to))
    else errors.push(refuseProduct('INVALID_DIMENSION_KEY', `The dimension ${to.Key} does not exist.`))
  }
  return errors
}

const updateDimensions: ChangeHandler<Product> = (_context, product, details) =>
  eachDimension(product, withoutNulls(details) as Partial<Dimension>[], (found, to) => {
    Object.assign(found, to, { Types: normaliseTypes([...found.Types, ...(to.Types ?? [])]) })
    return []
  })

/** Takes types off a dimension; what is metered by the seller cannot stay so once it is not metered at all. */
const restrictDimensions: ChangeHandler<Product> = (_context, product, details) =>
  eachDimension(product, details as Partial<Dimension>[], (found, { Types = [] }) => {
    const absent = Types.filter((type) => !found.Types.includes(type))
    const gone = Types.includes('Metered') ? [...Types, 'ExternallyMetered'] : Types
    found.Types = found.Types.filter((type) => !gone.includes(type))
    if (absent.length === 0) return []
    const message = `The dimension ${found.Key} is not ${absent.join(', ')}.`
    return [refuseProduct('INVALID_DIMENSION_TYPES', message)]
  })

export const dimensionHandlers: Record<string, ChangeHandler<Product>> = {
  AddDimensions: addDimensions,
  UpdateDimensions: updateDimensions,
  RestrictDimensions: restrictDimensions,
}
