import { facet, openConnection } from '../connections/index.ts'
import type { Context } from '../context.ts'
import { sha256 } from '../core/canonical.ts'
import { Fault } from '../core/fault.ts'
import { Refusal } from '../core/problem.ts'
import { schedule } from '../work/index.ts'
import { remember } from './store.ts'

/** Headers worth keeping as evidence; the rest may carry what is none of our business. */
const KEPT_HEADERS = /^(x-amz-sns-|content-type$|user-agent$|x-ms-|ce-)/

/**
 * A message from a cloud: verified, remembered once, and acted on later. Forged ones are remembered as refused, with
 * the reason, and throw `forged`; nothing else changes.
 */
export async function receiveMessage(
  context: Context,
  organisation_id: string,
  connection_id: string,
  request: { headers: Record<string, string>; body: string },
): Promise<'remembered' | 'repeated' | 'confirmed'> {
  const { connector, connection } = await openConnection(context, organisation_id, connection_id)
  const webhooks = facet(connector, 'webhooks')
  const verification = await orComeAgain(webhooks.verify(connection, request))
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => KEPT_HEADERS.test(name)),
  )
  if (!verification.ok) {
    const digest = await sha256(request.body)
    await context.store.inTenant(organisation_id, (scope) =>
      remember(scope, {
        connection_id,
        message_id: `refused-${digest}`,
        type: 'unverified',
        state: 'refused',
        reason: verification.reason,
        headers,
        body: request.body,
        hints: [],
      }),
    )
    throw new Refusal('forged', `The message was not accepted: ${verification.reason}.`)
  }
  const { message } = verification
  if (message.confirm_url !== undefined && webhooks.confirm !== undefined) {
    await orComeAgain(webhooks.confirm(connection, message.confirm_url))
    return 'confirmed'
  }
  return context.store.inTenant(organisation_id, async (scope) => {
    const id = await remember(scope, {
      connection_id,
      message_id: message.message_id,
      type: message.type,
      state: 'verified',
      reason: null,
      headers,
      body: request.body,
      hints: message.hints,
    })
    if (id === undefined) return 'repeated'
    await schedule(scope, { kind: 'inbox.process', key: id })
    return 'remembered'
  })
}

/** What the cloud does not answer now is not decided now: it delivers again what was not taken. */
async function orComeAgain<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    throw new Refusal(
      'cloud-unavailable',
      `The message cannot be checked now (${error.message}). Send it again.`,
    )
  }
}
