// The ways in. Each ends in a session with a token of its own, in one transaction with the record of it.
import type { Context } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import { plus } from '../core/time.ts'
import { homeOf, makeHome } from '../organisations/index.ts'
import type { InstallationScope } from '../store/index.ts'
import { checkPassword, hashPassword, passwordFits } from './passwords.ts'
import { findPersonByEmail, makePerson, type Profile } from './people.ts'
import { closeSession, closeSessionsOf, openSession } from './sessions.ts'
import { lookAtLink, takeLink } from './sign-in-tokens.ts'
import { tell } from './tell.ts'
import { giveBack, takeAttempt } from './throttle.ts'

export type SignInContext = Pick<Context, 'store' | 'seal' | 'random' | 'log' | 'config'>

/** What a way in needs to know of its request. `cookie`: the session the browser had before, which ends. */
export type Request = { request_id: string; address: string | undefined; cookie: string | undefined }

/** For the cookie, and kept nowhere. */
export type Session = { token: string; expires_at: Date }

/** Who a provider says somebody is. The pair is the only thing an account is ever found by. */
export type Identity = { issuer: string; subject: string }

/** What a person who is new says of themselves. Null: they sign in some other way. */
export type Newcomer = Profile & { password: string | null }

/** Where a person without an account may come from: a link for the first one, or an invitation. */
export type Entrance = { kind: 'first' | 'invitation'; token: string }

/**
 * Takes an invitation up for a person, in the installation's transaction, once; throws when it does not hold. The room
 * of the organisations has it.
 */
export type AcceptInvitation = (
  scope: InstallationScope,
  token: string,
  person_id: string,
  request_id: string,
) => Promise<unknown>

/** Throws when an invitation does not hold, as taking it up would; it stays as it is. */
export type LookAtInvitation = (scope: InstallationScope, token: string) => Promise<void>

type By = 'password' | 'link' | 'provider' | 'invitation'

/** Opens a session for a person who has proven who they are, and ends the one the browser had. */
export async function enter(
  context: SignInContext,
  scope: InstallationScope,
  { request_id, cookie }: Pick<Request, 'request_id' | 'cookie'>,
  person_id: string,
  by: By,
): Promise<Session> {
  if (cookie !== undefined) await closeSession(scope, cookie)
  const session = await openSession(context, scope, person_id)
  await tell(scope, { person_id, act: 'sign_in', request_id, after: { by } })
  return session
}

const refused = () => new Refusal('unauthenticated', 'The e-mail address or the password is not right.')

/** With a password. One refusal for every reason, after the same work. Throws too-many-requests. */
export async function signInByPassword(
  context: SignInContext,
  request: Request,
  { email, password }: { email: string; password: string },
): Promise<Session> {
  const trier = { email, address: request.address }
  await takeAttempt(context, trier)
  const person = await context.store.inInstallation((scope) => findPersonByEmail(context, scope, email))
  if (!(await passwordFits(password, person?.password ?? null)) || person === undefined) {
    context.log('sign_in.refused', { request_id: request.request_id })
    throw refused()
  }
  return context.store.inInstallation(async (scope) => {
    // What was checked may have been changed while it was.
    const now = await scope.tx.person.findUnique({ where: { id: person.id } })
    if (now === null || now.erased_at !== null || now.password !== person.password) throw refused()
    await giveBack(context, scope, trier)
    return enter(context, scope, request, person.id, 'password')
  })
}

const spent = () =>
  new Refusal(
    'unauthenticated',
    'This link does not work: it was used, it is too old, or a newer one was made.',
  )

/** What a link asks for: the first person's name, or only that they want in. Throws unauthenticated. */
export async function readLink(context: SignInContext, token: string): Promise<'first' | 'person'> {
  const found = await context.store.inInstallation((scope) => lookAtLink(scope, token))
  if (found === undefined) throw spent()
  return found.person_id === null ? 'first' : 'person'
}

/** With a link for somebody who is there already; it may set a new password, for one that was forgotten. */
export async function signInByLink(
  context: SignInContext,
  request: Request,
  token: string,
  password: string | null,
): Promise<Session> {
  const kept = await hashed(context, password, '')
  return context.store.inInstallation(async (scope) => {
    const found = await takeLink(scope, token)
    if (found?.person_id == null) throw spent()
    const person = await scope.tx.person.findUnique({ where: { id: found.person_id } })
    if (person === null || person.erased_at !== null) throw spent()
    if (kept !== null) await putPassword(scope, request, person.id, kept, undefined)
    return enter(context, scope, request, person.id, 'link')
  })
}

async function hashed(
  context: SignInContext,
  password: string | null,
  email: string,
): Promise<string | null> {
  if (password === null) return null
  checkPassword(password, email)
  return hashPassword(context.random, password)
}

type Invitations = { acceptInvitation: AcceptInvitation; lookAtInvitation: LookAtInvitation }

/** Makes a new person at an entrance and signs them in; `identity`: they sign in with a provider from now on. */
export async function join(
  context: SignInContext,
  request: Request,
  entrance: Entrance,
  { password, ...profile }: Newcomer,
  { identity, ...invitations }: { identity?: Identity } & Invitations,
): Promise<Session> {
  const kept = await hashed(context, password, profile.email)
  // A Worker does not begin the installation by itself.
  if (entrance.kind === 'first') await makeHome(context.store)
  return context.store.inInstallation(async (scope) => {
    const first = entrance.kind === 'first'
    if (first && (await takeLink(scope, entrance.token))?.person_id !== null) throw spent()
    // Before the address is looked at: whoever has no invitation is not to learn who has an account.
    if (!first) await invitations.lookAtInvitation(scope, entrance.token)
    const person_id = await makePerson(context, scope, profile, { operator: first, password: kept })
    if (first) await takeHome(context, scope, request, person_id)
    else await invitations.acceptInvitation(scope, entrance.token, person_id, request.request_id)
    if (identity !== undefined) await link(scope, request, person_id, identity)
    return enter(context, scope, request, person_id, first ? 'link' : 'invitation')
  })
}

/**
 * The first person owns what the installation began with. With the embedded clouds they own every organisation there is:
 * whoever tries it out sits on both sides of a deal.
 */
async function takeHome(
  { config }: Pick<Context, 'config'>,
  scope: InstallationScope,
  { request_id }: Pick<Request, 'request_id'>,
  person_id: string,
): Promise<void> {
  const home = await homeOf(scope)
  if (home === undefined) throw new Error('The installation has no home.')
  const others =
    config.mode === 'sandbox' ? await scope.tx.organisation.findMany({ where: { id: { not: home } } }) : []
  const roles = ['owner']
  const created_at = scope.wall()
  // The first seat is the one that is taken where none is chosen.
  const seats = [home, ...others.map(({ id }) => id)].map((organisation_id, index) => ({
    organisation_id,
    person_id,
    roles,
    created_at: plus(created_at, index),
  }))
  await scope.tx.member.createMany({ data: seats })
  await tell(scope, { person_id, act: 'first_person', request_id, after: { roles, operator: true } })
}

/** The person of an identity; undefined when nobody has linked it. */
export async function findIdentity(
  { tx }: Pick<InstallationScope, 'tx'>,
  { issuer, subject }: Identity,
): Promise<string | undefined> {
  const row = await tx.identity.findUnique({ where: { issuer_subject: { issuer, subject } } })
  return row?.person_id
}

/** Lets a provider's identity sign a person in. Throws conflict when it is somebody else's. */
export async function link(
  scope: InstallationScope,
  { request_id }: Pick<Request, 'request_id'>,
  person_id: string,
  { issuer, subject }: Identity,
): Promise<void> {
  const made = await scope.tx.identity.createMany({
    data: [{ issuer, subject, person_id, linked_at: scope.wall() }],
    skipDuplicates: true,
  })
  if (made.count === 1) return tell(scope, { person_id, act: 'identity_link', request_id, after: { issuer } })
  if ((await findIdentity(scope, { issuer, subject })) !== person_id) {
    throw new Refusal('conflict', 'This identity signs somebody else in already.')
  }
}

/** Changes a person's own password, or gives them their first, and ends their other sessions. */
export async function changePassword(
  context: SignInContext,
  request: Request & { cookie: string },
  { person_id, email }: { person_id: string; email: string },
  { current, next }: { current: string; next: string },
): Promise<void> {
  const kept = await hashed(context, next, email)
  const trier = { email, address: request.address }
  const person = await context.store.inInstallation(({ tx }) =>
    tx.person.findUniqueOrThrow({ where: { id: person_id } }),
  )
  if (person.password !== null) {
    await takeAttempt(context, trier)
    if (!(await passwordFits(current, person.password))) {
      throw new Refusal('unauthenticated', 'The present password is not right.')
    }
  }
  await context.store.inInstallation(async (scope) => {
    if (person.password !== null) await giveBack(context, scope, trier)
    if (kept !== null) await putPassword(scope, request, person_id, kept, request.cookie)
  })
}

async function putPassword(
  scope: InstallationScope,
  { request_id }: Pick<Request, 'request_id'>,
  person_id: string,
  password: string,
  but_token: string | undefined,
): Promise<void> {
  await scope.tx.person.update({ where: { id: person_id }, data: { password } })
  await closeSessionsOf(scope, person_id, but_token)
  await tell(scope, { person_id, act: 'password_change', request_id })
}
