// What every page of signing in has around it: headers, forms that come from these pages only, problems told as pages.
import { Hono, type Context as HonoContext } from 'hono'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { problemCodes, Refusal } from '../core/problem.ts'
import type { DoorEnv } from '../door/index.ts'
import { refuseOtherSites } from './authenticate.ts'
import { readSession } from './cookies.ts'
import { problemPage, STYLE } from './pages.ts'
import { findSession } from './sessions.ts'
import type { AcceptInvitation, LookAtInvitation, Request } from './sign-in.ts'

export type Door = HonoContext<DoorEnv>

export type SignInOptions = {
  acceptInvitation: AcceptInvitation
  lookAtInvitation: LookAtInvitation
  /** To reach the provider. */
  fetch: typeof fetch
}

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  // Nothing for other sites, for addresses hold tokens here; "no-referrer" would take the Origin from our own forms too.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** A router for pages under /sign-in. */
export function makePages(context: Context): Hono<DoorEnv> {
  const pages = new Hono<DoorEnv>()
  pages.onError((error, door) => {
    if (!(error instanceof Refusal)) throw error
    return door.html(problemPage(error.message), statusOf(door, error))
  })
  pages.use('/sign-in/*', async (door, next) => {
    for (const [name, value] of Object.entries(HEADERS)) door.header(name, value)
    // The forms are guarded before anybody is signed in too: nobody is to be signed in as somebody else unawares.
    refuseOtherSites(door, context.config.public_url)
    await next()
  })
  pages.get('/sign-in/style.css', (door) => door.body(STYLE, 200, { 'content-type': 'text/css' }))
  return pages
}

/** The status of a refusal; one that says how long to wait says it in the header too. */
function statusOf(door: Door, error: Refusal) {
  if (error.retry_after_s !== undefined) door.header('retry-after', String(error.retry_after_s))
  return problemCodes[error.code][0]
}

/** Does what a form asks for; a refusal shows the form again with what was wrong. */
export async function orAgain(
  door: Door,
  work: () => Promise<Response>,
  again: (problem: string) => ReturnType<typeof problemPage>,
): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return door.html(again(error.message), statusOf(door, error))
  }
}

/** The fields of a form as they came; what is no text counts as empty. */
export async function readForm<Name extends string>(
  door: Door,
  ...names: readonly Name[]
): Promise<Record<Name, string>> {
  const form = await door.req.parseBody()
  const entries = names.map((name) => {
    const value = form[name]
    return [name, typeof value === 'string' ? value.trim() : '']
  })
  // fromEntries forgets which names there were.
  return Object.fromEntries(entries) as Record<Name, string>
}

const LIMITS = {
  name: z.string().min(1, 'Say your name.').max(120, 'The name is too long.'),
  email: z.email('That is no e-mail address.').max(254, 'The e-mail address is too long.'),
}

/** Holds fields against what they may be. Throws invalid-input. */
export function checkFields(fields: Partial<Record<keyof typeof LIMITS, string>>): void {
  const errors = Object.entries(fields).flatMap(([field, value]) => {
    const schema = field === 'name' ? LIMITS.name : LIMITS.email
    const issues = schema.safeParse(value).error?.issues ?? []
    return issues.map(({ message }) => ({ field, rule: message, fix: 'Correct it' }))
  })
  const [first] = errors
  if (first !== undefined) throw new Refusal('invalid-input', first.rule, errors)
}

/** What the ways in need to know of a request. */
export function requestOf(door: Door): Request {
  return { request_id: door.get('request_id'), address: door.get('address'), cookie: readSession(door) }
}

/** Who is signed in in this browser. */
export async function personAt(
  door: Door,
  { store }: Context,
): Promise<{ id: string; cookie: string } | undefined> {
  const cookie = readSession(door)
  const found = cookie === undefined ? undefined : await findSession(store, cookie)
  return cookie === undefined || found === undefined ? undefined : { id: found.person_id, cookie }
}

/** Where the browser reaches this service. */
export function siteOf(door: Door, { config }: Context): string {
  return new URL(config.public_url ?? door.req.url).origin
}
