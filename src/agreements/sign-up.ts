import { facet, openConnection } from '../connections/index.ts'
import type { Context } from '../context.ts'
import { Fault } from '../core/fault.ts'
import { Refusal } from '../core/problem.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { schedule } from '../work/index.ts'
import type { Agreement } from './model.ts'
import { findForBuyer, update } from './store.ts'

/** Where the cloud of a connection puts the registration token. */
export async function registrationOf(context: Context, organisation_id: string, connection_id: string) {
  const { connector } = await openConnection(context, organisation_id, connection_id)
  return facet(connector, 'agreements').registration
}

type Registered = { buyer_account_id: string; license: string | null; product_code: string | null }

/**
 * A buyer arrives from the cloud with a registration token: the cloud says who it is, and the agreement learns its
 * license. Answers undefined when the agreement is not known yet; the pull that is started then finds it.
 * Throws Refusal for a token the cloud does not know, and cloud-unavailable when the cloud does not answer.
 */
export async function signUp(
  context: Context,
  organisation_id: string,
  connection_id: string,
  token: string,
): Promise<Agreement | undefined> {
  const { connector, connection } = await openConnection(context, organisation_id, connection_id)
  const agreements = facet(connector, 'agreements')
  let registered: Registered
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
  return context.store.inTenant(organisation_id, (scope) => remember(scope, connection_id, registered))
}

async function remember(
  scope: Scope,
  connection_id: string,
  registered: Registered,
): Promise<Agreement | undefined> {
  const { buyer_account_id, license, product_code } = registered
  const candidates = await findForBuyer(scope, connection_id, buyer_account_id)
  const exact = candidates.filter((candidate) => candidate.license !== null && candidate.license === license)
  const open = candidates.filter((candidate) => candidate.license === null && candidate.state === 'active')
  const found = exact[0] ?? (open.length === 1 ? open[0] : undefined)
  if (found === undefined) {
    await schedule(scope, { kind: 'agreements.pull', key: connection_id })
    return undefined
  }
  if (found.signed_up_at !== null) return found
  const changed = await update(scope, found.id, {
    signed_up_at: scope.now(),
    sign_up: registered,
    ...(license === null ? {} : { license }),
    ...(product_code === null ? {} : { product_code }),
  })
  if (found.license !== changed.license) await schedule(scope, { kind: 'metering.batch', key: connection_id })
  const sentence = `The buyer ${buyer_account_id} signed up.`
  await timeline.record(scope, { subject_id: found.id, kind: 'signed_up', sentence, cloud_words: registered })
  return changed
}
