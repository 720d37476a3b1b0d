// The real service with its sandbox and its console, and a browser in front of it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { makeClient, unwrap } from '../../src/client/index.ts'
import { readConfig } from '../../src/config.ts'
import { leaveOpen } from '../../src/demo/left-open.ts'
import { STARTS_AT } from '../../src/demo/scenario.ts'
import { live } from '../../src/demo/story.ts'
import { type RunningServer, startServer } from '../../src/server.ts'
import { openBrowser } from './chromium.ts'

export const PERSON = { name: 'Ada Lovelace', email: 'ada@example.com', password: 'four plain common words' }

export type House = {
  server: RunningServer
  browser: Browser
  /** What the service logged: a request that failed on our side is here. */
  logged: { event: string }[]
  close(): Promise<void>
}

/** `lived`: with the demonstration's deals on three clouds; otherwise as it is at a first start. */
export async function openHouse({ lived }: { lived: boolean }): Promise<House> {
  const data = await mkdtemp(join(tmpdir(), 'syndic-browser-'))
  const logged: House['logged'] = []
  const config = readConfig({ PORT: '0', SYNDIC_DATA: data, SYNDIC_TICK_MS: '50' })
  const log = (event: string, fields?: Record<string, unknown>) => void logged.push({ event, ...fields })
  const server = await startServer(config, { log, ticking: !lived, sandbox_start: STARTS_AT })
  if (lived && server.control !== undefined) {
    const parts = { ...server, control: server.control, report: () => {} }
    await leaveOpen(parts, await live(parts))
    server.startTicking()
  }
  const browser = await openBrowser()
  const close = async () => {
    await browser.close()
    await server.stop()
    await rm(data, { recursive: true, force: true })
  }
  return { server, browser, logged, close }
}

/** Becomes the first person, by the link that was printed. */
export async function beFirst(house: House, page: Page): Promise<void> {
  if (house.server.sign_in_url === undefined) throw new Error('Somebody was here before.')
  await page.goto(house.server.sign_in_url)
  await page.getByLabel('Name').fill(PERSON.name)
  await page.getByLabel('E-mail').fill(PERSON.email)
  await page.getByLabel('Password').fill(PERSON.password)
  await page.getByRole('button', { name: 'Join' }).click()
  await page.waitForURL(/\/console\//)
}

/** Takes a seat in every other organisation too, invited by whoever runs the installation. */
export async function sitEverywhere({ server }: House, page: Page): Promise<void> {
  const { key, url } = server
  const client = makeClient({ url, key })
  for (const { id } of unwrap(await client.GET('/v1/organisations', {})).items) {
    const invite = makeClient({ url, key, organisation: id })
    const body = { email: PERSON.email, roles: ['owner' as const] }
    const { data } = await invite.POST('/v1/invitations', { body })
    // Where the person sits already, nobody is invited.
    const token = data === undefined ? null : new URL(String(data.link)).searchParams.get('token')
    if (token === null) continue
    const headers = { origin: new URL(url).origin, 'idempotency-key': `sit in ${id}` }
    const answer = await page.request.post(`${url}/v1/invitations/accept`, { headers, data: { token } })
    if (!answer.ok()) throw new Error(`No seat in ${id}: ${await answer.text()}`)
  }
}

/** The other person of the vendor's organisation. */
export const SECOND = { name: 'Ben Okafor', email: 'ben@example.com', password: PERSON.password }

/** Has an act wait for a second person in the vendor's organisation; a second person takes a seat there first. */
export async function askSecondPerson({ server, browser }: House): Promise<void> {
  const { key, url } = server
  const everywhere = unwrap(await makeClient({ url, key }).GET('/v1/organisations', {})).items
  const id = everywhere.find(({ kind }) => kind === 'vendor')?.id ?? ''
  const client = makeClient({ url, key, organisation: id })
  const invited = { email: SECOND.email, roles: ['owner' as const] }
  const { link } = unwrap(await client.POST('/v1/invitations', { body: invited }))
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(String(link))
  await page.getByLabel('Name').fill(SECOND.name)
  await page.getByLabel('E-mail').fill(invited.email)
  await page.getByLabel('Password').fill(SECOND.password)
  await page.getByRole('button', { name: 'Join' }).click()
  await page.waitForURL(/\/console\//)
  await context.close()
  const two_person = ['connections.change_credentials' as const]
  unwrap(await client.PATCH('/v1/organisations/{id}', { params: { path: { id } }, body: { two_person } }))
  const [connection] = unwrap(await client.GET('/v1/connections', {})).items
  const clouds = unwrap(await client.GET('/v1/clouds', {})).items
  const secrets = clouds
    .find(({ cloud }) => cloud === connection?.cloud)
    ?.fields.filter(({ secret }) => secret)
  const credentials = Object.fromEntries((secrets ?? []).map(({ name }) => [name, 'X'.repeat(40)]))
  const params = { path: { id: connection?.id ?? '' } }
  unwrap(await client.PATCH('/v1/connections/{id}', { params, body: { credentials } }))
}

/** Watches a browser for what must never be there: errors on a page, and requests that leave this machine. */
export function watch(context: BrowserContext, house: House): string[] {
  const found: string[] = []
  context.on('weberror', (error) => found.push(`error: ${error.error().message}`))
  context.on('request', (request) => {
    const { protocol, host } = new URL(request.url())
    const ours = host === new URL(house.server.url).host || protocol === 'data:' || protocol === 'blob:'
    if (!ours) found.push(`went out: ${request.url()}`)
  })
  context.on('response', (response) => {
    if (response.status() >= 500) found.push(`${response.status()} from ${response.url()}`)
  })
  return found
}

/** Waits until a screen shows what it has to show. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.locator('main h1').first().waitFor()
  await page.locator('main [role=status]:has(.mantine-Loader-root)').first().waitFor({ state: 'detached' })
}
