import type { MiddlewareHandler } from 'hono'
import type { Context } from '../context.ts'
import { sha256 } from '../core/canonical.ts'
import { Refusal } from '../core/problem.ts'
import type { DoorEnv } from '../door/index.ts'
import { findOrganisation, makeHome } from '../organisations/index.ts'

/**
 * Until sign-in exists there is one development key, and the service listens on loopback only. The key stands for
 * the whole installation: the header Syndic-Organisation says for which organisation a request is made; without it,
 * the one the installation began with.
 */
export function authenticate(
  context: Pick<Context, 'store'>,
  development_key: string,
): MiddlewareHandler<DoorEnv> {
  const expected = sha256(development_key)
  return async (door, next) => {
    const given = /^Bearer (.+)$/.exec(door.req.header('authorization') ?? '')?.[1]
    // Digests are compared, so that the time it takes says nothing about the key.
    if (given === undefined || (await sha256(given)) !== (await expected)) {
      throw new Refusal(
        'unauthenticated',
        'Send the key the service printed at its start: "Authorization: Bearer KEY".',
      )
    }
    const wanted = door.req.header('syndic-organisation')
    let found = await findOrganisation(context.store, wanted)
    if (found === undefined && wanted === undefined) {
      // A runtime that does not migrate by itself meets an installation that has not begun yet.
      await makeHome(context.store)
      found = await findOrganisation(context.store, wanted)
    }
    if (found === undefined) {
      throw new Refusal('not-found', `There is no organisation ${wanted}. See GET /v1/organisations.`)
    }
    door.set('caller', { organisation_id: found.id, name: 'development key' })
    await next()
  }
}
