import type { Json, Solution } from '../model.ts'
import { type ApplyContext, type ChangeHandler, refuse, withoutNulls } from './change-context.ts'

// Solutions, as far as an offer set refers to them. Their asynchronous codes are not published where we looked: the
// three codes below are ours.
const codes = {
  released: 'INVALID_UPDATE_REQUEST',
  missing: 'MISSING_MANDATORY_FIELDS',
  product: 'INCOMPATIBLE_PRODUCT',
}

export function newSolution(context: ApplyContext, id: string, details: Json): Solution {
  return {
    kind: 'Solution',
    id,
    owner: context.account_id,
    revision: 0,
    created_at: context.now,
    modified_at: context.now,
    visibility: 'Draft',
    information: details as Solution['information'],
    related_products: {},
  }
}

const updateInformation: ChangeHandler<Solution> = (_context, solution, details) => {
  solution.information = {
    ...solution.information,
    ...(withoutNulls(details) as Solution['information']),
  }
  return []
}

const updateRelatedProducts: ChangeHandler<Solution> = (context, solution, details) => {
  solution.related_products = withoutNulls(details) as Solution['related_products']
  const { AwsMarketplaceProducts } = withoutNulls(details) as {
    AwsMarketplaceProducts?: { ProductId: string }[]
  }
  const unknown = (AwsMarketplaceProducts ?? []).filter(
    ({ ProductId }) => context.draft(ProductId)?.kind !== 'SaaSProduct',
  )
  return unknown.map(({ ProductId }) => refuse(codes.product, `There is no product ${ProductId}.`))
}

const release: ChangeHandler<Solution> = (_context, solution) => {
  if (solution.visibility !== 'Draft') return [refuse(codes.released, 'The solution is released already.')]
  const errors = ['ShortDescription', 'LongDescription', 'LogoUrl']
    .filter((field) => solution.information[field] === undefined)
    .map((field) => refuse(codes.missing, `The solution needs ${field} before it is released.`))
  if (errors.length === 0) solution.visibility = 'Limited'
  return errors
}

export const solutionChangeHandlers: Record<string, ChangeHandler<Solution>> = {
  UpdateInformation: updateInformation,
  UpdateRelatedProducts: updateRelatedProducts,
  ReleaseSolution: release,
}

/** The solution as DescribeEntity shows it. */
export function solutionDocument(solution: Solution) {
  return {
    ...solution.information,
    Visibility: solution.visibility,
    RelatedProducts: solution.related_products,
  }
}
