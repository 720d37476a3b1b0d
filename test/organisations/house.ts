// The whole app on an embedded database with people in it: who is signed in, what they send, and the letters they get.
import { makePerson, makeSealer } from '../../src/access/index.ts'
import type { Role } from '../../src/access/permissions.ts'
import { openSession } from '../../src/access/sessions.ts'
import { makeApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import type { Context } from '../../src/context.ts'
import type { Letter } from '../../src/mail/index.ts'
import { findOrganisation, makeHome } from '../../src/organisations/index.ts'
import { makeConnectors, makeServices } from '../../src/services.ts'
import { type Browser, makeBrowser } from '../access/browser.ts'
import { type Answer, readAnswer } from '../door/support.ts'
import { testContext } from '../support/context.ts'

export const SITE = 'https://syndic.test'
export const OPERATOR_KEY = 'sk_test_0123456789abcdefghijklmnop'

type Sending = { body?: unknown; headers?: Record<string, string> }
export type Caller = {
  send(method: string, path: string, sending?: Sending): Promise<Answer>
  get(path: string): Promise<Answer>
  /** The body of an answer that has to have this status. */
  ok<T = Record<string, unknown>>(method: string, path: string, body?: unknown, status?: number): Promise<T>
}
export type Person = Caller & { id: string; email: string }

export type House = Awaited<ReturnType<typeof openHouse>>

/** `mail`: letters are kept in `letters` once the work was done; without it links are shown. */
export async function openHouse(options: { mail?: boolean; start?: string; live?: boolean } = {}) {
  const made = await testContext(options.start === undefined ? {} : { start: options.start })
  const letters: Letter[] = []
  const mail = { send: async (letter: Letter) => void letters.push(letter) }
  // The clouds' own connectors, for the fields they ask for; nobody gets through to a cloud.
  const closed: typeof fetch = () => Promise.reject(new TypeError('There is no network here'))
  const parts = { clocks: made.clocks, random: made.random, addresses: undefined, fetch: closed }
  const context = {
    ...made,
    connectors: makeConnectors(parts),
    config: readConfig({
      SYNDIC_PUBLIC_URL: SITE,
      ...(options.live === true ? { SYNDIC_MODE: 'live' } : {}),
    }),
    seal: await makeSealer('3c'.repeat(32), made.random),
    mail: options.mail === true ? mail : undefined,
  } satisfies Context
  await makeHome(context.store)
  const home = (await findOrganisation(context.store, undefined))?.id ?? ''
  const services = makeServices(context)
  const app = makeApp(services, {
    development_key: OPERATOR_KEY,
    version: 'test',
    refresh: async () => {},
    address: (door) => door.req.header('test-address'),
  })
  const request = async (method: string, path: string, { body, headers = {} }: Sending) =>
    readAnswer(
      await app.fetch(
        new Request(`${SITE}${path}`, {
          method,
          headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      ),
    )
  const callerWith = (own: () => Record<string, string>): Caller => {
    const send = (method: string, path: string, { body, headers }: Sending = {}) =>
      request(method, path, { body, headers: { ...own(), ...headers } })
    return {
      send,
      get: (path) => send('GET', path),
      async ok<T>(method: string, path: string, body?: unknown, status = 200) {
        const answer = await send(method, path, { body })
        if (answer.status !== status) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
        return answer.body as T
      },
    }
  }
  const withKey = (key: string, organisation?: string) =>
    callerWith(() => ({
      authorization: `Bearer ${key}`,
      ...(organisation === undefined ? {} : { 'syndic-organisation': organisation }),
    }))
  const signIn = (id: string, email: string, organisation?: string): Promise<Person> =>
    context.store.inInstallation(async (scope) => {
      const { token } = await openSession(context, scope, id)
      const own = { cookie: `__Host-syndic=${token}`, origin: SITE }
      const more = organisation === undefined ? {} : { 'syndic-organisation': organisation }
      return { id, email, ...callerWith(() => ({ ...own, ...more })) }
    })
  return {
    context,
    home,
    letters,
    services,
    fetch: (given: Request) => app.fetch(given),
    /** A browser that nobody has signed in with yet. */
    browser: () => makeBrowser(async (given) => app.fetch(given), '203.0.113.7'),
    /** Whoever is signed in in a browser, as the scripts of a page of ours would send. */
    at: ({ cookies }: Browser) =>
      callerWith(() => ({ origin: SITE, cookie: `__Host-syndic=${cookies.get('__Host-syndic') ?? ''}` })),
    /** Anybody from outside, without a key. */
    anybody: callerWith(() => ({})),
    operator: (organisation?: string) => withKey(OPERATOR_KEY, organisation),
    withKey,
    signIn,
    /** A person with a seat, signed in. */
    async person(name: string, roles: readonly Role[], organisation_id = home): Promise<Person> {
      const email = `${name.toLowerCase()}@example.com`
      const id = await context.store.inInstallation(async (scope) => {
        const person_id = await makePerson(context, scope, { name, email })
        await scope.tx.member.create({
          data: { organisation_id, person_id, roles: [...roles], created_at: scope.wall() },
        })
        return person_id
      })
      return signIn(id, email, organisation_id)
    },
    async settle() {
      while ((await services.tick()).more);
    },
    close: made.close,
  }
}

/** The type and sentence of a refusal. */
export function problem(answer: Answer): { status: number; type: string; detail: string } {
  const { type, detail } = answer.body as { type: string; detail: string }
  return { status: answer.status, type, detail }
}

/** The token of an invitation's link, wherever the link stands. */
export function tokenIn(text: string): string {
  const found = /token=([^\s"&]+)/.exec(text)?.[1]
  if (found === undefined) throw new Error(`There is no link in ${text}`)
  return decodeURIComponent(found)
}
