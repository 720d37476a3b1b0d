// A real browser: Debian's Chromium, or the one that SYNDIC_CHROMIUM names. Nothing is downloaded.
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Where a Chromium is; undefined when there is none on this machine. */
export function findChromium(): string | undefined {
  return [process.env.SYNDIC_CHROMIUM, ...PLACES].find((path) => path !== undefined && existsSync(path))
}

/** Whether tests in a browser have to be left out here. Where CI is set they never are: without a browser it fails. */
export function lacksChromium(): boolean {
  if (findChromium() !== undefined || process.env.CI !== undefined) return false
  console.warn(
    'The console is not tested in a browser: there is no Chromium. Install it, or set SYNDIC_CHROMIUM.',
  )
  return true
}

export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === undefined) {
    throw new Error('There is no Chromium. Install the package "chromium", or set SYNDIC_CHROMIUM to one.')
  }
  const args = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking']
  return chromium.launch({ executablePath, args })
}
