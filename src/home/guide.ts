// The guide of the first run. Its steps are facts of the books and never ticked off by hand, so it is at the right step
// in any browser, and a step that came undone is open again.
import { z } from 'zod'
import { Refusal } from '../core/problem.ts'
import type { Caller } from '../door/index.ts'
import type { Scope } from '../store/index.ts'

export const guideSteps = {
  vendor: ['connect', 'listing', 'deal', 'offer', 'acceptance', 'usage', 'month', 'bank'],
  reseller: ['connect', 'opened', 'resale', 'statement'],
} as const
export type GuideStep = (typeof guideSteps)['vendor' | 'reseller'][number]
export const guideStepNames = [...new Set<GuideStep>([...guideSteps.vendor, ...guideSteps.reseller])] as [
  GuideStep,
  ...GuideStep[],
]

/** done: it has happened, or (usage) nothing that was sold is counted. under_way: it was asked for and the cloud is at it. */
export type Step = { key: GuideStep; done: boolean; under_way: boolean }
export type Guide = { dismissed: boolean; finished: boolean; at: GuideStep | null; steps: Step[] }

const factsRow = z.object({
  connect: z.boolean(),
  listing: z.boolean(),
  listing_asked: z.boolean(),
  deal: z.boolean(),
  offer: z.boolean(),
  offer_asked: z.boolean(),
  acceptance: z.boolean(),
  usage: z.boolean(),
  month: z.boolean(),
  bank: z.boolean(),
  opened: z.boolean(),
  resale: z.boolean(),
  resale_asked: z.boolean(),
  statement: z.boolean(),
})

/**
 * One look at what there is: the first row of each kind is enough. It is the one place that asks many rooms' tables at
 * once, because a guide that asked fourteen times would be the slowest part of the page.
 */
async function readFacts({ organisation_id, tx }: Scope): Promise<z.infer<typeof factsRow>> {
  const rows = await tx.$queryRaw`
    WITH o AS (SELECT ${organisation_id}::text AS id)
    SELECT
      EXISTS (SELECT 1 FROM connection c WHERE c.organisation_id = o.id) AS connect,
      EXISTS (SELECT 1 FROM listing l WHERE l.organisation_id = o.id AND l.state = 'live') AS listing,
      EXISTS (SELECT 1 FROM listing l WHERE l.organisation_id = o.id AND l.state = 'publishing') AS listing_asked,
      EXISTS (SELECT 1 FROM deal d WHERE d.organisation_id = o.id) AS deal,
      EXISTS (SELECT 1 FROM offer f WHERE f.organisation_id = o.id AND f.cloud_offer_id IS NOT NULL)
        OR EXISTS (SELECT 1 FROM resale_authorization r WHERE r.organisation_id = o.id
                   AND r.cloud_authorization_id IS NOT NULL) AS offer,
      EXISTS (SELECT 1 FROM offer f WHERE f.organisation_id = o.id AND f.state = 'publishing')
        OR EXISTS (SELECT 1 FROM resale_authorization r WHERE r.organisation_id = o.id
                   AND r.state = 'publishing') AS offer_asked,
      EXISTS (SELECT 1 FROM agreement a WHERE a.organisation_id = o.id) AS acceptance,
      EXISTS (SELECT 1 FROM usage_meter u WHERE u.organisation_id = o.id)
        OR (EXISTS (SELECT 1 FROM agreement a WHERE a.organisation_id = o.id)
            AND NOT EXISTS (SELECT 1 FROM agreement a WHERE a.organisation_id = o.id
                            AND a.terms->>'kind' <> 'contract')) AS usage,
      EXISTS (SELECT 1 FROM month_flow m WHERE m.organisation_id = o.id AND m.flow = 'invoiced') AS month,
      EXISTS (SELECT 1 FROM account_balance b WHERE b.organisation_id = o.id
              AND b.account LIKE 'asset:bank:%') AS bank,
      EXISTS (SELECT 1 FROM resale_authorization r WHERE r.reseller_organisation_id = o.id) AS opened,
      EXISTS (SELECT 1 FROM offer f WHERE f.organisation_id = o.id AND f.authorization_id IS NOT NULL
              AND f.state <> 'publishing' AND f.state <> 'failed') AS resale,
      EXISTS (SELECT 1 FROM offer f WHERE f.organisation_id = o.id AND f.authorization_id IS NOT NULL
              AND f.state = 'publishing') AS resale_asked,
      EXISTS (SELECT 1 FROM partner_statement p WHERE p.reseller_organisation_id = o.id)
        OR EXISTS (SELECT 1 FROM month_flow m WHERE m.organisation_id = o.id AND m.flow = 'disbursed') AS statement
    FROM o`
  const [facts] = z.array(factsRow).parse(rows)
  if (facts === undefined) throw new Error('The facts are one row')
  return facts
}

/** Where an organisation is, and whether the caller has put the guide away. */
export async function readGuide(
  scope: Scope,
  kind: 'vendor' | 'reseller',
  { actor }: Pick<Caller, 'actor'>,
): Promise<Guide> {
  const facts = await readFacts(scope)
  const asked: Partial<Record<GuideStep, boolean>> = {
    listing: facts.listing_asked,
    offer: facts.offer_asked,
    resale: facts.resale_asked,
  }
  const steps = guideSteps[kind].map(
    (key): Step => ({ key, done: facts[key], under_way: !facts[key] && asked[key] === true }),
  )
  const at = steps.find(({ done }) => !done)?.key ?? null
  const seat =
    actor.kind === 'person' ? await scope.tx.member.findUnique({ where: seatOf(scope, actor.id) }) : null
  return { dismissed: (seat?.guide_dismissed_at ?? null) !== null, finished: at === null, at, steps }
}

/** Puts the guide away for one person in one organisation, or brings it back. Throws not-found without a seat. */
export async function showGuide(
  scope: Scope,
  { actor }: Pick<Caller, 'actor'>,
  shown: boolean,
): Promise<void> {
  const where = { organisation_id: scope.organisation_id, person_id: actor.id }
  const changed = await scope.tx.member.updateMany({
    where,
    data: { guide_dismissed_at: shown ? null : scope.wall() },
  })
  if (changed.count === 0) throw new Refusal('not-found', 'You have no seat here, and so no guide.')
}

function seatOf({ organisation_id }: Scope, person_id: string) {
  return { organisation_id_person_id: { organisation_id, person_id } }
}
