import { refuse } from '../catalog/change-context.ts'
import { documentProblems } from '../catalog/legal-documents.ts'
import type { ErrorDetail, Term } from '../model.ts'
import type { World } from '../world.ts'

/** The versions of AWS's own standard documents. */
const versions: Record<string, string[]> = {
  StandardEula: ['2019-04-24', '2022-07-14'],
  StandardDsa: ['2019-12-12'],
}

/** A custom document is an address of a PDF; a standard one is a version or, without one, the newest. */
export function legalProblems(terms: Term[], world: World): ErrorDetail[] {
  const unfit = documentProblems(world, terms).map(({ too_large, message }) =>
    refuse(too_large ? 'LIMIT_EXCEEDED_LEGAL_DOCUMENT_SIZE' : 'INVALID_LEGAL_DOCUMENTS', message),
  )
  return [...unfit, ...formProblems(terms)]
}

function formProblems(terms: Term[]): ErrorDetail[] {
  return terms
    .flatMap((term) => term.Documents ?? [])
    .flatMap(({ Type, Url, Version }) => {
      const known = versions[Type]
      const right = known
        ? Url === undefined && (Version === undefined || known.includes(Version))
        : Url !== undefined && Version === undefined
      const message = `A ${Type} takes ${known ? `a version (${known.join(', ')}) and no Url` : 'a Url and no version'}.`
      return right ? [] : [refuse('INVALID_LEGAL_DOCUMENTS', message)]
    })
}

const duePeriods = ['P15D', 'P30D', 'P45D', 'P60D', 'P90D', 'P120D']

export function netPaymentProblems(terms: Term[]): ErrorDetail[] {
  return terms
    .filter(({ PaymentDuePeriod }) => !duePeriods.includes(PaymentDuePeriod ?? ''))
    .map(() => refuse('INVALID_PAYMENT_DUE_PERIOD', `PaymentDuePeriod is one of ${duePeriods.join(', ')}.`))
}
