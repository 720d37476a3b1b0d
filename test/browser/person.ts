// Somebody in front of the screens. Whatever they come to still stands after a reload, and when they go back and return.
import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { type House, settled, watch } from './house.ts'

/** How long a cloud of the sandbox may take, with the service's own work behind it. */
const PATIENCE_MS = 120_000

export type Person = ReturnType<typeof makePerson>

type Kept = Awaited<ReturnType<BrowserContext['storageState']>>

/** Opens a browser of somebody's own; `kept`: what another one of theirs remembers. */
export async function personAt(house: House, kept?: Kept): Promise<Person> {
  const remembered = kept === undefined ? {} : { storageState: kept }
  const context = await house.browser.newContext({ viewport: { width: 1280, height: 900 }, ...remembered })
  context.setDefaultTimeout(30_000)
  const found = watch(context, house)
  return makePerson(house, context, await context.newPage(), found)
}

function makePerson(house: House, context: BrowserContext, page: Page, found: string[]) {
  const main = page.locator('main')
  const button = (name: string | RegExp) => main.getByRole('button', { name, exact: true }).first()
  const dialog = (name: string | RegExp) =>
    page.getByRole('dialog').getByRole('button', { name, exact: true })

  async function titled(): Promise<[string, string]> {
    await settled(page)
    return [new URL(page.url()).pathname, (await main.locator('h1').first().textContent()) ?? '']
  }

  /** Reloads, goes back and returns: each time the same screen stands there, and nothing on it is broken. */
  async function stands(): Promise<void> {
    const here = await titled()
    await page.reload()
    expect(await titled()).toEqual(here)
    await page.goBack()
    await settled(page)
    await page.goForward()
    expect(await titled()).toEqual(here)
    expect(await main.getByRole('alert').allTextContents()).toEqual([])
  }

  return {
    page,
    main,
    /** What went wrong in this browser without anybody saying so. */
    found,
    button,
    stands,
    close: () => context.close(),

    async open(path: string): Promise<void> {
      await page.goto(`${house.server.url}/console${path}`)
      await settled(page)
    },

    /** Presses what leads to another screen, and looks at that screen in every way one comes to it. */
    async follow(name: string | RegExp, to: RegExp): Promise<void> {
      await main.getByRole('link', { name, exact: true }).or(button(name)).first().click()
      await page.waitForURL(to)
      await stands()
    },

    async press(name: string | RegExp): Promise<void> {
      await button(name).click()
    },

    /** Presses a button that asks once more, and says yes to it. */
    async confirm(label: string | RegExp, verb: string): Promise<void> {
      await button(label).click()
      await dialog(verb).click()
    },

    /** Types into fields, by their labels; where a label stands twice, in the group of that name. */
    async fill(fields: Readonly<Record<string, string>>, group?: string): Promise<void> {
      const place = group === undefined ? main : main.getByRole('group', { name: group })
      for (const [label, value] of Object.entries(fields)) await place.getByLabel(label).first().fill(value)
    },

    async choose(label: string, option: string | { index: number }): Promise<void> {
      const chosen = typeof option === 'string' ? { label: option } : option
      await main.getByRole('combobox', { name: label }).first().selectOption(chosen)
    },

    async tick(label: string): Promise<void> {
      await main.getByRole('radio', { name: label }).check()
    },

    /** The first text on the screen of this form, such as an account id to be written down. */
    async textOf(form: RegExp): Promise<string> {
      const text = main.getByText(form).first()
      await text.waitFor()
      return ((await text.textContent()) ?? '').match(form)?.[0] ?? ''
    },

    /** Waits until something is there. */
    async sees(text: string | RegExp): Promise<void> {
      await main.getByText(text).first().waitFor({ timeout: PATIENCE_MS })
    },

    /** Looks at the screen again until something is there: for what moves elsewhere. */
    async comesToSee(text: string | RegExp): Promise<void> {
      await expect
        .poll(
          async () => {
            await page.reload()
            await settled(page)
            return main.getByText(text).count()
          },
          { timeout: PATIENCE_MS, interval: 500 },
        )
        .toBeGreaterThan(0)
    },
  }
}
