// Every screen of the console over the lived demonstration: it shows something true, breaks nothing, can be used by
// everybody, and shows nothing of anybody else.
import { gzipSync } from 'node:zlib'
import axe from 'axe-core'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { screens } from '../../src/console/screens/index.ts'
import { lacksChromium } from './chromium.ts'
import { askSecondPerson, beFirst, type House, openHouse, settled, sitEverywhere, watch } from './house.ts'
import { placeOf } from './places.ts'
import { refundByTwo, replaceAsReseller } from './sales.ts'

/** How wide the window is, in pixels: `WIDTH=390 npm run test:browser` looks at all of it as on a phone. */
const WIDTH = Number(process.env.WIDTH ?? 1280)

describe.skipIf(lacksChromium())('the screens', () => {
  let house: House
  let context: BrowserContext
  let page: Page
  let found: string[]
  beforeAll(async () => {
    house = await openHouse({ lived: true })
    context = await house.browser.newContext({ viewport: { width: WIDTH, height: 800 } })
    found = watch(context, house)
    page = await context.newPage()
    await beFirst(house, page)
    await sitEverywhere(house, page)
    await askSecondPerson(house)
  }, 180_000)
  afterAll(() => house?.close())

  test('what Home loads of scripts is at most 300 KiB, compressed', async () => {
    const sizes: Promise<number>[] = []
    const fresh = await house.browser.newContext({ storageState: await context.storageState() })
    fresh.on('response', (response) => {
      if (!new URL(response.url()).pathname.endsWith('.js')) return
      sizes.push(response.body().then((body) => gzipSync(body).length))
    })
    const visitor = await fresh.newPage()
    await visitor.goto(`${house.server.url}/console/`)
    await settled(visitor)
    const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
    await fresh.close()
    expect(sizes.length).toBeGreaterThan(3)
    expect(total).toBeLessThan(300 * 1024)
  })

  test.each(screens.map((screen) => [screen.path, screen.kind ?? 'everybody', screen] as const))(
    '%s of %s',
    async (_path, _kind, screen) => {
      const { address, organisation } = await placeOf(house, screen)
      await page.evaluate((id) => localStorage.setItem('syndic.organisation', id), organisation)
      await page.emulateMedia({ colorScheme: 'light' })
      await page.goto(`${house.server.url}/console${address}`)
      await settled(page)
      expect(await page.locator('main [role=alert]').allTextContents()).toEqual([])
      // What is too wide scrolls by itself; the page never goes sideways.
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(WIDTH)
      // As the inspector's own code: the page itself takes no script from elsewhere.
      await page.evaluate(axe.source)
      expect(await violations(page)).toEqual([])
      // In the dark the same page has other colours, and nothing else is another.
      await page.addStyleTag({ content: '* { transition: none !important; animation: none !important }' })
      await page.emulateMedia({ colorScheme: 'dark' })
      await page.waitForSelector('html[data-mantine-color-scheme=dark]')
      expect(await violations(page, ['color-contrast', 'link-in-text-block'])).toEqual([])
      expect(found).toEqual([])
      expect(house.logged.filter(({ event }) => event === 'request.failed')).toEqual([])
    },
  )

  test('a refund is asked for by one person and done when another one agrees', async () => {
    expect(await refundByTwo(house, await context.storageState())).toEqual({
      state: 'asked',
      amount: '100.00',
    })
  })

  test('a reseller offers its buyer something in the place of an agreement; what the cloud needs is asked first', async () => {
    const sent = await replaceAsReseller(house, await context.storageState())
    expect(sent).toEqual({ state: 'live', problems: [], options: { ends_on: '2027-06-30' }, replaces: true })
  })
})

/** What axe finds wrong with the page as it stands. */
async function violations(page: Page, only?: string[]): Promise<string[]> {
  return page.evaluate(async (rules) => {
    type Found = { violations: { id: string; nodes: { html: string }[] }[] }
    type Axe = { run(options: { runOnly?: string[] }): Promise<Found> }
    const { axe } = globalThis as unknown as { axe: Axe }
    const { violations } = await axe.run(rules === undefined ? {} : { runOnly: rules })
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
    )
  }, only)
}
