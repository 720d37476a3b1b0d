import type { Context as HonoContext, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { Actor } from '../audit/model.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import type { Caller, DoorEnv } from '../door/index.ts'
import { findOrganisation, makeHome } from '../organisations/index.ts'
import { readSession } from './cookies.ts'
import { findHeldKey, type HeldKey } from './keys.ts'
import { allowedBy, holdersOf, type Permission, permissionNames } from './permissions.ts'
import { routePermissions } from './route-permissions.ts'
import { hashOf } from './secret.ts'
import { findSession } from './sessions.ts'

/**
 * How long a key that was looked up is believed without asking the database again: a revoked key works this much longer
 * in a process that has just seen it.
 */
export const KEY_CACHE_MS = 2000
const KEY_CACHE_MAX = 10_000

export type Authentication = {
  /** The operator's key: for the installation itself, and in sandbox mode for every organisation. */
  operator_key: string
}

/** Says who is calling and whether the route is open to them. Everything that is not allowed by the table is refused. */
export function authenticate(
  context: Pick<Context, 'store' | 'config' | 'clocks' | 'random'>,
  { operator_key }: Authentication,
): MiddlewareHandler<DoorEnv> {
  const expected = hashOf(operator_key)
  const heldKey = rememberedKeys(context)
  return async (door, next) => {
    const given = /^Bearer (.+)$/.exec(door.req.header('authorization') ?? '')?.[1]
    const cookie = readSession(door)
    const caller =
      given !== undefined
        ? // Digests are compared, so that the time it takes says nothing about the key.
          (await hashOf(given)) === (await expected)
          ? await operator(context, door)
          : await program(door, await heldKey(await hashOf(given)))
        : cookie !== undefined
          ? await person(context, door, cookie)
          : undefined
    if (caller === undefined) {
      throw new Refusal('unauthenticated', 'Sign in, or send a key: "Authorization: Bearer KEY".')
    }
    allow(door, caller)
    door.set('caller', caller)
    await next()
  }
}

function callerOf(
  door: HonoContext<DoorEnv>,
  organisation_id: string,
  actor: Actor,
  name: string,
  allowed: ReadonlySet<string>,
): Caller {
  return { organisation_id, name, actor, permissions: allowed, request_id: door.get('request_id') }
}

const missing = (id: string | undefined) =>
  new Refusal('not-found', `There is no organisation ${id ?? 'yet'}. See GET /v1/organisations.`)

/**
 * The operator's key acts for any organisation in sandbox mode, where nothing is at stake. With the real clouds it makes
 * organisations and seats in them, and sees no tenant's data.
 */
async function operator(
  { store, config }: Pick<Context, 'store' | 'config'>,
  door: HonoContext<DoorEnv>,
): Promise<Caller> {
  const wanted = door.req.header('syndic-organisation')
  let found = await findOrganisation(store, wanted)
  if (found === undefined && wanted === undefined) {
    // A runtime that does not migrate by itself meets an installation that has not begun yet.
    await makeHome(store)
    found = await findOrganisation(store, wanted)
  }
  if (found === undefined) throw missing(wanted)
  const allowed = config.mode === 'sandbox' ? permissionNames : OPERATOR_ALONE
  return callerOf(
    door,
    found.id,
    { kind: 'operator', id: 'operator' },
    'operator',
    new Set<string>([...allowed, 'operator']),
  )
}

const OPERATOR_ALONE: readonly Permission[] = [
  'organisation.read',
  'organisation.manage',
  'members.read',
  'members.manage',
]

async function program(door: HonoContext<DoorEnv>, held: HeldKey | undefined): Promise<Caller | undefined> {
  if (held === undefined) return undefined
  const wanted = door.req.header('syndic-organisation')
  if (wanted !== undefined && wanted !== held.organisation_id) throw missing(wanted)
  const actor = { kind: 'key', id: held.id } as const
  return callerOf(door, held.organisation_id, actor, held.name, new Set(held.scopes))
}

async function person(
  { store, config }: Pick<Context, 'store' | 'config'>,
  door: HonoContext<DoorEnv>,
  cookie: string,
): Promise<Caller | undefined> {
  const signed_in = await findSession(store, cookie)
  if (signed_in === undefined) return undefined
  refuseOtherSites(door, config.public_url)
  const wanted = door.req.header('syndic-organisation')
  const seat =
    wanted === undefined
      ? signed_in.seats[0]
      : signed_in.seats.find(({ organisation_id }) => organisation_id === wanted)
  // Without a seat there is no organisation to name. What is the person's own they still have, and so can leave.
  if (seat === undefined && wanted !== undefined && !signed_in.operator) throw missing(wanted)
  const home = seat?.organisation_id ?? (await findOrganisation(store, wanted))?.id
  if (home === undefined) throw missing(wanted)
  const alone = signed_in.operator ? OPERATOR_ALONE : []
  const allowed = new Set<string>(seat === undefined ? alone : allowedBy(seat.roles))
  if (signed_in.operator) allowed.add('operator')
  const actor = { kind: 'person', id: signed_in.person_id } as const
  return callerOf(door, home, actor, signed_in.person_id, allowed)
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * A browser sends the cookie whoever made it send the request, so a change must come from a page of ours. Throws
 * foreign-origin.
 */
export function refuseOtherSites(door: HonoContext, public_url: string | undefined): void {
  if (SAFE.has(door.req.method)) return
  const origin = door.req.header('origin')
  const ours = new Set([
    new URL(door.req.url).origin,
    ...(public_url === undefined ? [] : [new URL(public_url).origin]),
  ])
  if (origin !== undefined && ours.has(origin)) return
  throw new Refusal('foreign-origin', 'A signed-in browser changes things from pages of this service only.')
}

/** The row of the table for a route, and whether the caller holds it. Throws forbidden with what is missing. */
function allow(door: HonoContext<DoorEnv>, caller: Caller): void {
  const route = matchedRoutes(door).findLast(({ method }) => method !== 'ALL')
  if (route === undefined) return
  const need = routePermissions[`${route.method} ${route.path}`]
  if (need === undefined) throw new Refusal('forbidden', 'Nobody has said who may use this route.')
  if (need === 'signed_in' || caller.permissions.has(need)) return
  if (need === 'person') {
    if (caller.actor.kind === 'person') return
    throw new Refusal('forbidden', 'This is for a person who is signed in, not for a key.')
  }
  const who =
    need === 'operator'
      ? 'Only who runs the installation may do this'
      : `This needs "${need}", which ${holdersOf(need).join(', ')} have`
  throw new Refusal('forbidden', `${who}.`)
}

/** Looks a key up, and believes the answer for a moment: most requests of a program need no question of their own. */
function rememberedKeys({ store, clocks }: Pick<Context, 'store' | 'clocks'>) {
  const known = new Map<string, { held: HeldKey | undefined; until: number }>()
  return async (digest: string): Promise<HeldKey | undefined> => {
    const now = clocks.wall.now().getTime()
    const found = known.get(digest)
    if (found !== undefined && found.until > now) {
      return found.held !== undefined && found.held.expires_at.getTime() > now ? found.held : undefined
    }
    const held = await findHeldKey(store, digest)
    if (known.size >= KEY_CACHE_MAX) known.clear()
    // What is no key is not remembered: a guesser would fill the memory.
    if (held !== undefined) known.set(digest, { held, until: now + KEY_CACHE_MS })
    else known.delete(digest)
    return held
  }
}
