// npm run screenshots [-- DIR]: a picture of every screen over the lived demonstration, wide in light and narrow in dark,
// into DIR (./screenshots if nothing is said). For looking at.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { screens } from '../../src/console/screens/index.ts'
import { askSecondPerson, beFirst, openHouse, settled, sitEverywhere } from './house.ts'
import { placeOf } from './places.ts'

const VIEWS = [
  { name: 'wide', width: 1280, height: 800, colorScheme: 'light' },
  { name: 'narrow', width: 390, height: 844, colorScheme: 'dark' },
] as const

const folder = process.argv[2] ?? 'screenshots'
await mkdir(folder, { recursive: true })
const house = await openHouse({ lived: true })
try {
  const page = await (await house.browser.newContext()).newPage()
  await beFirst(house, page)
  await sitEverywhere(house, page)
  await askSecondPerson(house)
  for (const screen of screens) {
    const { path, kind } = screen
    const { address, organisation } = await placeOf(house, screen)
    await page.evaluate((id) => localStorage.setItem('syndic.organisation', id), organisation)
    for (const { name, colorScheme, ...size } of VIEWS) {
      await page.setViewportSize(size)
      await page.emulateMedia({ colorScheme })
      await page.goto(`${house.server.url}/console${address}`)
      await settled(page)
      const file = `${path.replace(/^\//, '').replaceAll(/[/:]+/g, '-') || 'home'}${kind === 'reseller' ? '-reseller' : ''}-${name}.png`
      await page.screenshot({ path: join(folder, file), fullPage: true })
      console.log(join(folder, file))
    }
  }
} finally {
  await house.close()
}
