import type { Context as HonoContext } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { FLOW_COOKIE, FLOW_MS } from './flow.ts'
import type { Session } from './sign-in.ts'

/** The name of the cookie: the prefix makes browsers refuse it without Secure, with a Domain, or for a part of the site. */
export const SESSION_COOKIE = '__Host-syndic'

const RULES = { secure: true, httpOnly: true, sameSite: 'Lax', path: '/' } as const

export function readSession(door: HonoContext): string | undefined {
  return getCookie(door, SESSION_COOKIE)
}

/** `now`: wall time; the browser forgets the cookie when the session is over in any case. */
export function giveSession(door: HonoContext, { token, expires_at }: Session, now: Date): void {
  const maxAge = Math.floor((expires_at.getTime() - now.getTime()) / 1000)
  setCookie(door, SESSION_COOKIE, token, { ...RULES, maxAge })
}

export function dropSession(door: HonoContext): void {
  deleteCookie(door, SESSION_COOKIE, RULES)
}

export function readFlow(door: HonoContext): string | undefined {
  return getCookie(door, FLOW_COOKIE)
}

export function giveFlow(door: HonoContext, sealed: string): void {
  setCookie(door, FLOW_COOKIE, sealed, { ...RULES, maxAge: FLOW_MS / 1000 })
}

export function dropFlow(door: HonoContext): void {
  deleteCookie(door, FLOW_COOKIE, RULES)
}
