// Signing in with a provider: out to it, and back.
import type { Hono } from 'hono'
import type { Context } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import type { DoorEnv } from '../door/index.ts'
import { dropFlow, giveFlow, giveSession, readFlow } from './cookies.ts'
import { type Flow, openFlow, type Purpose, sealFlow } from './flow.ts'
import { invitationPath } from './model.ts'
import { makeOidc } from './oidc.ts'
import { awayPage } from './pages.ts'
import { type Entrance, enter, findIdentity, type Identity, join, link } from './sign-in.ts'
import { type Door, personAt, requestOf, type SignInOptions, siteOf } from './sign-in-door.ts'

const LINK = '/sign-in/oidc/link'
const CALLBACK = '/sign-in/oidc/callback'

/** Begins to join with a provider, for the pages that ask who somebody is. */
export type BeginJoining = (
  door: Door,
  told: { entrance: Entrance; name: string; email: string },
) => Promise<Response>

const missing = () => new Refusal('not-found', 'This installation has no sign-in provider.')

/** Adds the pages of a provider to the pages of signing in. */
export function oidcPages(context: Context, options: SignInOptions, pages: Hono<DoorEnv>): BeginJoining {
  const { oidc } = context.config
  if (oidc === undefined) {
    const refuse = () => Promise.reject(missing())
    pages.get('/sign-in/oidc', refuse).post(LINK, refuse).get(CALLBACK, refuse)
    return refuse
  }
  const client = makeOidc({ ...context, oidc, fetch: options.fetch })
  const redirectOf = (door: Door) => `${siteOf(door, context)}${CALLBACK}`
  const begin = async (door: Door, purpose: Purpose) => {
    const { address, attempt } = await client.begin(redirectOf(door))
    giveFlow(door, await sealFlow(context, { ...attempt, purpose }))
    return { address, page: () => door.html(awayPage(client.name, address)) }
  }

  pages.get('/sign-in/oidc', async (door) => {
    const invitation = door.req.query('invitation') ?? null
    return door.redirect((await begin(door, { kind: 'sign_in', invitation })).address, 302)
  })

  pages.post(LINK, async (door) => {
    const person = await personAt(door, context)
    if (person === undefined) throw new Refusal('unauthenticated', 'Sign in first.')
    return (await begin(door, { kind: 'link', person_id: person.id })).page()
  })

  pages.get(CALLBACK, async (door) => {
    const sealed = readFlow(door)
    // Whatever comes of it, this attempt is over.
    dropFlow(door)
    const flow = sealed === undefined ? undefined : await openFlow(context, sealed)
    if (flow === undefined) {
      throw new Refusal(
        'unauthenticated',
        'This sign-in was not begun in this browser, or took too long. Begin again.',
      )
    }
    const identity = await client.finish(new URL(door.req.url), redirectOf(door), flow)
    return arrive(context, options, door, flow, identity)
  })

  return async (door, told) => (await begin(door, { kind: 'join', ...told })).page()
}

async function arrive(
  context: Context,
  options: SignInOptions,
  door: Door,
  { purpose }: Flow,
  identity: Identity,
): Promise<Response> {
  const request = requestOf(door)
  const { store, clocks } = context
  switch (purpose.kind) {
    case 'sign_in': {
      const session = await store.inInstallation(async (scope) => {
        const person_id = await findIdentity(scope, identity)
        if (person_id === undefined) throw unknown(context)
        return enter(context, scope, request, person_id, 'provider')
      })
      giveSession(door, session, clocks.wall.now())
      return door.redirect(purpose.invitation === null ? '/sign-in' : invitationPath(purpose.invitation), 303)
    }
    case 'join': {
      const { entrance, name, email } = purpose
      const newcomer = { name, email, password: null }
      const session = await join(context, request, entrance, newcomer, { ...options, identity })
      giveSession(door, session, clocks.wall.now())
      return door.redirect('/sign-in', 303)
    }
    case 'link': {
      const person = await personAt(door, context)
      if (person?.id !== purpose.person_id) {
        throw new Refusal('unauthenticated', 'You are not signed in any more as who began this. Begin again.')
      }
      await store.inInstallation((scope) => link(scope, request, person.id, identity))
      return door.redirect('/sign-in', 303)
    }
  }
}

/** Also when somebody here has the same e-mail address: an address proves nothing about an account at a provider. */
function unknown({ config }: Context): Refusal {
  return new Refusal(
    'unauthenticated',
    `Nobody here signs in with this account of ${config.oidc?.name ?? 'the provider'}. Join by an invitation, or sign in another way and link it.`,
  )
}
