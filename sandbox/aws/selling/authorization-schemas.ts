import type { z } from 'zod'
import { authorizationShapes as shapes } from './authorization-shapes.ts'

// What the developer guide (resale authorizations, synchronous validations) asks beyond the shapes.

type Problem = { path: (string | number)[]; message: string }
type Pricing = z.infer<typeof shapes.UpdatePricingTerms>
type Legal = z.infer<typeof shapes.UpdateLegalTerms>

function checked<S extends z.ZodType>(shape: S, check: (value: z.infer<S>) => Problem[]): S {
  return shape.superRefine((value, context) => {
    for (const { path, message } of check(value as z.infer<S>)) {
      context.addIssue({ code: 'custom', path, message })
    }
  })
}

// A missing Duration is not here: that one is told with MISSING_DURATION.
const members: Record<string, { needs: string[]; refuses: string[] }> = {
  ResaleUsageBasedPricingTerm: { needs: ['RateCards'], refuses: ['Price', 'Duration', 'Grants'] },
  ResaleConfigurableUpfrontPricingTerm: { needs: ['RateCards'], refuses: ['Price', 'Duration', 'Grants'] },
  ResaleFixedUpfrontPricingTerm: { needs: ['Price', 'Grants'], refuses: ['RateCards'] },
}

const isGiven = (value: unknown) => value !== undefined && value !== null

function pricingProblems({ Terms }: Pricing): Problem[] {
  return Terms.flatMap((term, index) => {
    const given = new Map<string, unknown>(Object.entries(term))
    const { needs, refuses } = members[term.Type] ?? { needs: [], refuses: [] }
    const at = (member: string) => ['Terms', index, member]
    const again = Terms.findIndex((other) => other.Type === term.Type) < index
    const cards = term.Type === 'ResaleConfigurableUpfrontPricingTerm' ? (term.RateCards ?? []) : []
    return [
      ...(again ? [{ path: at('Type'), message: `${term.Type} may appear once` }] : []),
      ...needs
        .filter((member) => !isGiven(given.get(member)))
        .map((member) => ({ path: at(member), message: `is required in a ${term.Type}` })),
      ...refuses
        .filter((member) => isGiven(given.get(member)))
        .map((member) => ({ path: at(member), message: `has no place in a ${term.Type}` })),
      ...cards.flatMap((card, position) =>
        isGiven(card.Selector)
          ? []
          : [{ path: [...at('RateCards'), position, 'Selector'], message: 'is required' }],
      ),
    ]
  })
}

const documentTypes: Record<string, string[]> = {
  BuyerLegalTerm: ['StandardEula', 'CustomEula'],
  ResaleLegalTerm: ['StandardResellerContract', 'CustomResellerContract'],
}

function legalProblems({ Terms }: Legal): Problem[] {
  return Terms.flatMap(({ Type, Documents }, index) => {
    if (!Type) return [{ path: ['Terms', index, 'Type'], message: 'is required' }]
    if (!Documents) return [{ path: ['Terms', index, 'Documents'], message: 'is required' }]
    const again = Terms.findIndex((other) => other.Type === Type) < index
    return [
      ...(again ? [{ path: ['Terms', index, 'Type'], message: `${Type} may appear once` }] : []),
      ...Documents.flatMap((document, position) => {
        const path = ['Terms', index, 'Documents', position]
        const custom = document.Type.startsWith('Custom')
        return [
          ...(documentTypes[Type]?.includes(document.Type)
            ? []
            : [{ path: [...path, 'Type'], message: `must be one of ${documentTypes[Type]}` }]),
          ...(custom === isGiven(document.Url)
            ? []
            : [
                {
                  path: [...path, 'Url'],
                  message: custom ? 'is required for a document of your own' : 'is for custom documents only',
                },
              ]),
        ]
      }),
    ]
  })
}

/** The details of every change type of a resale authorization. */
export const authorizationChanges = {
  ...shapes,
  UpdateBuyerTargetingTerms: checked(shapes.UpdateBuyerTargetingTerms, ({ Terms }) =>
    (Terms?.[0]?.PositiveTargeting.BuyerAccounts ?? []).flatMap((account, index) =>
      /^\d{12}$/.test(account)
        ? []
        : [
            {
              path: ['Terms', 0, 'PositiveTargeting', 'BuyerAccounts', index],
              message: 'must be an account id of 12 digits',
            },
          ],
    ),
  ),
  UpdateLegalTerms: checked(shapes.UpdateLegalTerms, legalProblems),
  UpdatePricingTerms: checked(shapes.UpdatePricingTerms, pricingProblems),
} satisfies Record<string, z.ZodType>
