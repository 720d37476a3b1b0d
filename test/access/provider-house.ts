// The service with a provider to sign in with, and ways through it.
import { expect } from 'vitest'
import { type Browser, firstPerson, type House, openHouse, type Page } from './browser.ts'
import type { Provider } from './provider.ts'

const environment = ({ issuer, client_secret }: Provider) => ({
  SYNDIC_OIDC_ISSUER: issuer,
  SYNDIC_OIDC_CLIENT_ID: 'syndic',
  SYNDIC_OIDC_CLIENT_SECRET: client_secret,
  SYNDIC_OIDC_NAME: 'Acme Login',
})

/** The whole app, with a provider in its settings. */
export async function openWith(with_provider: Provider): Promise<House> {
  const send: typeof fetch = (input, init) => with_provider.fetch(input, init)
  const opened = await openHouse({ environment: environment(with_provider), fetch: send })
  // The provider has a clock of its own, and it is today's.
  opened.context.wall.set(new Date())
  return opened
}

/** The address that a page or an answer sends the browser to. */
export function awayFrom({ headers, text }: Page): string {
  const address =
    headers.get('location') ?? /<a href="([^"]+)">Go on/.exec(text)?.[1]?.replaceAll('&amp;', '&')
  if (address === undefined) throw new Error(`It goes nowhere: ${text}`)
  return address
}

export type Ways = {
  /** Out to the provider, there as `login`, and back to where it sends the browser. */
  through(browser: Browser, begun: Page, login: string): Promise<Page>
  signInAs(browser: Browser, login: string): Promise<Page>
  linkAs(browser: Browser, login: string): Promise<Page>
}

export function waysOf(provider: Provider): Ways {
  const through: Ways['through'] = async (browser, begun, login) =>
    browser.follow(await browser.get(await provider.visit(awayFrom(begun), login)))
  return {
    through,
    signInAs: async (browser, login) => through(browser, await browser.get('/sign-in/oidc'), login),
    linkAs: async (browser, login) => through(browser, await browser.post('/sign-in/oidc/link', {}), login),
  }
}

/** What the first person is linked to. */
export const SUBJECT = 'subject-of-ann'

/** A house whose first person signs in with the provider too. */
export async function linkedHouse(provider: Provider) {
  const house = await openWith(provider)
  const ann = house.browser()
  const ann_id = await firstPerson(house, ann)
  expect(await waysOf(provider).linkAs(ann, SUBJECT)).toMatchObject({ status: 200 })
  return { house, ann, ann_id }
}

/** The id of who is signed in, or the status of the refusal. */
export async function whoIs(browser: Browser): Promise<string | number> {
  const { status, text } = await browser.get('/v1/me')
  return status === 200 ? (JSON.parse(text).actor.id as string) : status
}
