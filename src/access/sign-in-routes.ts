// The pages of signing in. They come before any key is asked for, and look the same on Node and on Workers.
import type { Hono } from 'hono'
import type { Context } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import type { DoorEnv } from '../door/index.ts'
import { readAccount } from './account.ts'
import { dropSession, giveSession, readSession } from './cookies.ts'
import { invitationPath } from './model.ts'
import { oidcPages } from './oidc-routes.ts'
import { acceptPage, accountPage, joinPage, linkPage, signInPage } from './pages.ts'
import { closeSession } from './sessions.ts'
import {
  changePassword,
  type Entrance,
  join,
  readLink,
  type Session,
  signInByLink,
  signInByPassword,
} from './sign-in.ts'
import {
  checkFields,
  type Door,
  makePages,
  orAgain,
  personAt,
  readForm,
  requestOf,
  type SignInOptions,
} from './sign-in-door.ts'
import { tell } from './tell.ts'

/** All pages under /sign-in. */
export function signInRoutes(context: Context, options: SignInOptions): Hono<DoorEnv> {
  const pages = makePages(context)
  const provider = context.config.oidc?.name
  const beginJoining = oidcPages(context, options, pages)
  const letIn = (door: Door, session: Session, to = '/') => {
    giveSession(door, session, context.clocks.wall.now())
    return door.redirect(to, 303)
  }

  pages.get('/sign-in', async (door) => {
    const token = door.req.query('token')
    if (token !== undefined) {
      const first = (await readLink(context, token)) === 'first'
      return door.html(first ? joinPage({ kind: 'first', token, provider }) : linkPage({ token }))
    }
    const invitation = door.req.query('invitation') ?? null
    const person = await personAt(door, context)
    if (person !== undefined) return showAccount(context, door, person.id, {})
    return door.html(signInPage({ provider, invitation }))
  })

  pages.post('/sign-in', async (door) => {
    const { email, invitation } = await readForm(door, 'email', 'invitation')
    const kept = invitation === '' ? null : invitation
    return orAgain(
      door,
      async () => {
        const password = await readPassword(door, 'password')
        checkFields({ email })
        const session = await signInByPassword(context, requestOf(door), { email, password })
        return letIn(door, session, kept === null ? undefined : invitationPath(kept))
      },
      (problem) => signInPage({ problem, email, provider, invitation: kept }),
    )
  })

  pages.post('/sign-in/link', async (door) => {
    const { token } = await readForm(door, 'token')
    if ((await readLink(context, token)) === 'first') return joinAt(door, { kind: 'first', token })
    return orAgain(
      door,
      async () => {
        const password = (await readPassword(door, 'password')) || null
        return letIn(door, await signInByLink(context, requestOf(door), token, password))
      },
      (problem) => linkPage({ problem, token }),
    )
  })

  pages.get('/sign-in/invitation', async (door) => {
    const token = door.req.query('token') ?? ''
    await context.store.inInstallation((scope) => options.lookAtInvitation(scope, token))
    const name = await nameAt(context, door)
    return door.html(
      name === undefined ? joinPage({ kind: 'invitation', token, provider }) : acceptPage({ token, name }),
    )
  })

  pages.post('/sign-in/invitation', async (door) => {
    const { token } = await readForm(door, 'token')
    const person = await personAt(door, context)
    if (person === undefined) return joinAt(door, { kind: 'invitation', token })
    await context.store.inInstallation((scope) =>
      options.acceptInvitation(scope, token, person.id, door.get('request_id')),
    )
    return door.redirect('/sign-in', 303)
  })

  pages.post('/sign-in/password', async (door) => {
    const person = await personAt(door, context)
    if (person === undefined) throw new Refusal('unauthenticated', 'Sign in first.')
    const { email } = await readAccount(context, person.id)
    return orAgain(
      door,
      async () => {
        const given = {
          current: await readPassword(door, 'current'),
          next: await readPassword(door, 'password'),
        }
        const request = { ...requestOf(door), cookie: person.cookie }
        await changePassword(context, request, { person_id: person.id, email }, given)
        return showAccount(context, door, person.id, { notice: 'The password was changed.' })
      },
      (problem) => accountAgain(context, person.id, problem),
    )
  })

  pages.post('/sign-in/out', async (door) => {
    const cookie = readSession(door)
    if (cookie !== undefined) {
      await context.store.inInstallation(async (scope) => {
        const person_id = await closeSession(scope, cookie)
        const request_id = door.get('request_id')
        if (person_id !== undefined) await tell(scope, { person_id, act: 'sign_out', request_id })
      })
    }
    dropSession(door)
    return door.redirect('/sign-in', 303)
  })

  async function joinAt(door: Door, entrance: Entrance): Promise<Response> {
    const { name, email, with: way } = await readForm(door, 'name', 'email', 'with')
    return orAgain(
      door,
      async () => {
        checkFields({ name, email })
        if (way === 'provider') return beginJoining(door, { entrance, name, email })
        const password = await readPassword(door, 'password')
        const newcomer = { name, email, password }
        const session = await join(context, requestOf(door), entrance, newcomer, options)
        return letIn(door, session)
      },
      (problem) => joinPage({ problem, ...entrance, name, email, provider }),
    )
  }
  return pages
}

/** A password as it was typed: blanks at its ends belong to it. */
async function readPassword(door: Door, field: string): Promise<string> {
  const value = (await door.req.parseBody())[field]
  return typeof value === 'string' ? value : ''
}

async function showAccount(context: Context, door: Door, id: string, told: { notice?: string }) {
  return door.html(accountPage({ ...told, ...(await readAccount(context, id)) }))
}

async function accountAgain(context: Context, id: string, problem: string) {
  return accountPage({ problem, ...(await readAccount(context, id)) })
}

async function nameAt(context: Context, door: Door): Promise<string | undefined> {
  const person = await personAt(door, context)
  return person === undefined ? undefined : (await readAccount(context, person.id)).name
}
