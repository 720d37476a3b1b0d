import { z } from 'zod'
import type { Registration } from '../../connectors/connector.ts'
import { facet, openConnection } from '../connections/index.ts'
import type { Context } from '../context.ts'
import { Fault } from '../core/fault.ts'
import { Refusal } from '../core/problem.ts'
import { DAY_MS, MINUTE_MS, plus } from '../core/time.ts'
import * as exceptions from '../exceptions/index.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { done, schedule, type WorkItem, type WorkOutcome } from '../work/index.ts'
import { activateWhenReady } from './activate.ts'
import { type Connected, connectedOf } from './connected.ts'
import { holdBuyer } from './hold.ts'
import { type Agreement, isOver } from './model.ts'
import { giveVisit, openVisit, type VisitKind } from './page/visits.ts'
import { findForBuyer, findOn, update } from './store.ts'

/** Where the cloud of a connection puts the registration token. */
export async function registrationOf(context: Context, organisation_id: string, connection_id: string) {
  const { connector } = await openConnection(context, organisation_id, connection_id)
  return facet(connector, 'agreements').registration
}

/** Who signed up, and when: all that is kept of a registration. Its token is not. */
const registration = z.object({
  connection_id: z.string(),
  buyer_account_id: z.string(),
  agreement_id: z.string().nullable(),
  license: z.string().nullable(),
  product_code: z.string().nullable(),
  at: z.coerce.date(),
  visit_id: z.string().optional(),
})
type SignUp = z.infer<typeof registration>

/** How often, and for how long, a sign-up looks for its agreement before a person is asked. */
const LOOK_EVERY_MS = MINUTE_MS
const LOOK_FOR_MS = DAY_MS

/** What became of a buyer who came: the agreement, once it is known, and the code of the visit, where one was asked for. */
export type SignedUp = { agreement: Agreement | undefined; code: string | null }

/**
 * A buyer arrives from the cloud with a registration token: the cloud says who it is, and the agreement learns its
 * license. While the agreement is not known yet, the sign-up waits for it.
 * Throws Refusal for a token the cloud does not know, and cloud-unavailable when the cloud does not answer.
 */
export async function signUp(
  context: Context,
  organisation_id: string,
  connection_id: string,
  token: string,
  visit: VisitKind | null = null,
): Promise<SignedUp> {
  const open = await openConnection(context, organisation_id, connection_id)
  const { connector, connection } = open
  const agreements = facet(connector, 'agreements')
  let registered: Registration
  try {
    registered = await agreements.resolve(connection, token)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    if (error.code === 'invalid' || error.code === 'not_found') {
      const fix = 'Open the product from the marketplace again: a token is valid for a short time only'
      throw new Refusal(
        'invalid-input',
        `The cloud does not know this registration token (${error.message}).`,
        [{ field: agreements.registration.field, rule: 'is not known to the cloud or has expired', fix }],
      )
    }
    throw new Refusal(
      'cloud-unavailable',
      `The marketplace could not be asked (${error.message}). Try again in a minute.`,
    )
  }
  const { buyer_account_id, agreement_id = null, license, product_code } = registered
  const connected = connectedOf(open)
  return context.store.inTenant(organisation_id, async (scope) => {
    const at = scope.now()
    const told = { connection_id, buyer_account_id, agreement_id, license, product_code, at }
    const found = await remember(scope, connected, told)
    const who = { connection_id, buyer_account_id, license, product_code, agreement_id: found?.id ?? null }
    const opened = visit === null ? undefined : await openVisit(context, scope, visit, who)
    if (found === undefined) {
      const came: SignUp = { ...told, ...(opened === undefined ? {} : { visit_id: opened.id }) }
      await schedule(scope, { kind: 'agreements.pull', key: connection_id })
      const key = `${connection_id} ${agreement_id ?? license ?? buyer_account_id}`
      await schedule(scope, { kind: 'agreements.sign_up', key, payload: came })
    }
    return { agreement: found, code: opened?.code ?? null }
  })
}

/** The handler of `agreements.sign_up`: a buyer was here before we knew of the agreement. */
export async function finishSignUp(
  context: Pick<Context, 'store' | 'seal' | 'connectors'>,
  item: WorkItem,
): Promise<WorkOutcome> {
  const came = registration.parse(item.payload)
  const connected = connectedOf(await openConnection(context, item.organisation_id, came.connection_id))
  return context.store.inTenant(item.organisation_id, async (scope) => {
    const found = await remember(scope, connected, came)
    if (found !== undefined) {
      if (came.visit_id !== undefined) await giveVisit(scope, came.visit_id, found.id)
      return done
    }
    const now = scope.now()
    if (now < plus(came.at, LOOK_FOR_MS)) return { done: false, again_at: plus(now, LOOK_EVERY_MS) }
    await exceptions.openException(scope, {
      kind: 'other',
      subject_id: item.key,
      sentence: `The buyer ${came.buyer_account_id} signed up a day ago, and no agreement of theirs is known.`,
      fix: "Look for the buyer's agreement in the cloud's own console, and ask the buyer to sign up once more",
    })
    return done
  })
}

/** Gives a sign-up to its agreement; undefined while that is not known, or not known beyond doubt. */
async function remember(scope: Scope, connected: Connected, came: SignUp): Promise<Agreement | undefined> {
  const { connection_id, buyer_account_id, agreement_id, license, product_code } = came
  await holdBuyer(scope, connection_id, buyer_account_id)
  const candidates = await findForBuyer(scope, connection_id, buyer_account_id)
  // A token that names its agreement speaks of that one only, whoever the cloud says the buyer is.
  const named = agreement_id === null ? undefined : await findOn(scope, connection_id, agreement_id)
  const exact = candidates.find((candidate) => license !== null && candidate.license === license)
  const open = candidates.filter(
    (candidate) => (candidate.license === null || connected.covers === 'buyer') && !isOver(candidate.state),
  )
  // Where a sign-up covers the buyer, any of its agreements stands for all of them.
  const only = connected.covers === 'buyer' || open.length === 1 ? open[0] : undefined
  const found = agreement_id === null ? (exact ?? only) : named
  if (found === undefined || found.signed_up_at !== null) return found
  const told = { buyer_account_id, license, product_code }
  const changed = await update(scope, found.id, {
    signed_up_at: came.at,
    sign_up: told,
    ...(license === null ? {} : { license }),
    ...(product_code === null ? {} : { product_code }),
  })
  if (found.license !== changed.license) await schedule(scope, { kind: 'metering.batch', key: connection_id })
  const sentence = `The buyer ${buyer_account_id} signed up.`
  const event = { subject_id: found.id, kind: 'signed_up', sentence, cloud_words: told, occurred_at: came.at }
  await timeline.record(scope, event)
  // One that waited for this buyer, and the others that the same sign-up covers.
  const covered = connected.covers === 'buyer' ? candidates : []
  for (const waiting of [changed, ...covered]) await activateWhenReady(scope, connected, waiting)
  return changed
}
