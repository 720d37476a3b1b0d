// A browser without scripts, as far as signing in needs one: it keeps cookies, follows the rules of their names, and
// says where a form came from.
import { makeSealer, makeSignInLink } from '../../src/access/index.ts'
import { makeApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import type { Context } from '../../src/context.ts'
import { makeHome } from '../../src/organisations/index.ts'
import { makeServices } from '../../src/services.ts'
import { type TestContext, testContext } from '../support/context.ts'

export const SITE = 'https://syndic.test'
export const OPERATOR_KEY = 'sk_test_0123456789abcdefghijklmnop'
export const PASSWORD = 'a long enough password'
export const ANN = { name: 'Ann Example', email: 'ann@example.com' }

export type Page = { status: number; headers: Headers; text: string; address: string }

export type Browser = {
  cookies: Map<string, string>
  get(address: string, headers?: Record<string, string>): Promise<Page>
  /** Sends a form from one of our pages; other headers take the place of its own. */
  post(address: string, form: Record<string, string>, headers?: Record<string, string>): Promise<Page>
  /** Goes where an answer sends it, until it is there or leaves the site. */
  follow(page: Page): Promise<Page>
}

export type House = {
  context: TestContext
  fetch(request: Request): Promise<Response>
  browser(address?: string): Browser
  close(): Promise<void>
}

type Options = { environment?: Record<string, string>; fetch?: typeof fetch; seed?: number }

/** The clocks stand still, and with them the minute in which requests are counted: the waits of throttling are left. */
const UNLIMITED = { SYNDIC_OPEN_RATE_PER_MINUTE: '0', SYNDIC_SIGN_IN_RATE_PER_MINUTE: '0' }

/** The whole app on an embedded database, with the real seal and clocks that only the test moves. */
export async function openHouse({ environment = {}, fetch: send, seed }: Options = {}): Promise<House> {
  const made = await testContext(seed === undefined ? {} : { seed })
  const context = {
    ...made,
    config: readConfig({ SYNDIC_PUBLIC_URL: SITE, ...UNLIMITED, ...environment }),
    seal: await makeSealer('3c'.repeat(32), made.random),
  }
  await makeHome(context.store)
  const app = makeApp(makeServices(context), {
    development_key: OPERATOR_KEY,
    version: 'test',
    refresh: async () => {},
    address: (door) => door.req.header('test-address'),
    ...(send === undefined ? {} : { fetch: send }),
  })
  const open = async (request: Request) => app.fetch(request)
  return {
    context,
    fetch: open,
    browser: (address = '203.0.113.7') => makeBrowser(open, address),
    close: made.close,
  }
}

/** Opens a browser at an address of the net. */
export function makeBrowser(open: House['fetch'], address: string): Browser {
  const cookies = new Map<string, string>()
  const send = async (target: string, init: RequestInit): Promise<Page> => {
    const headers = new Headers(init.headers)
    headers.set('test-address', address)
    if (cookies.size > 0)
      headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const answer = await open(new Request(new URL(target, SITE), { ...init, headers, redirect: 'manual' }))
    for (const line of answer.headers.getSetCookie()) keep(cookies, line)
    return { status: answer.status, headers: answer.headers, text: await answer.text(), address: target }
  }
  const browser: Browser = {
    cookies,
    get: (target, headers = {}) => send(target, { headers }),
    post: (target, form, headers = {}) =>
      send(target, {
        method: 'POST',
        headers: { origin: SITE, 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams(form),
      }),
    follow: async (page) => {
      const next = page.headers.get('location')
      if (next === null || new URL(next, SITE).origin !== SITE) return page
      return browser.follow(await browser.get(next))
    },
  }
  return browser
}

/** What a browser does with Set-Cookie: a name of this beginning is refused without all that it promises. */
function keep(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...rules] = line.split(';').map((part) => part.trim())
  const [name = '', ...value] = pair.split('=')
  const told = new Map(rules.map((rule) => rule.toLowerCase().split('=') as [string, string | undefined]))
  if (name.startsWith('__Host-') && (!told.has('secure') || told.get('path') !== '/' || told.has('domain'))) {
    throw new Error(`A browser refuses this cookie: ${line}`)
  }
  if (!told.has('httponly') || told.get('samesite') !== 'lax') throw new Error(`Too open a cookie: ${line}`)
  if (told.get('max-age') === '0') cookies.delete(name)
  else cookies.set(name, value.join('='))
}

/** Makes a link as the start of the service or the command does. */
export async function linkFor(context: Context, person_id: string | null): Promise<string> {
  return context.store.inInstallation((scope) => makeSignInLink(context, scope, person_id))
}

export function tokenOf(link: string): string {
  return new URL(link, SITE).searchParams.get('token') ?? ''
}

/** The first person, made through the pages: who runs the installation and owns its first organisation. */
export async function firstPerson(house: House, browser: Browser): Promise<string> {
  const token = tokenOf(await linkFor(house.context, null))
  const answer = await browser.post('/sign-in/link', { token, ...ANN, password: PASSWORD, with: 'password' })
  if (answer.status !== 303) throw new Error(`The first person was refused: ${answer.text}`)
  const me = JSON.parse((await browser.get('/v1/me')).text) as { actor: { id: string } }
  return me.actor.id
}

/** The problem a page tells, as its reader hears it; undefined when there is none. */
export function alertOf({ text }: Page): string | undefined {
  return /<p role="alert">([^<]*)<\/p>/.exec(text)?.[1]
}
