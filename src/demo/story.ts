// One deal on each cloud, end to end, through the HTTP API alone. Every step may be run again: writes carry keys of their
// own, and what the outside world did already is found, not repeated. So a story that was interrupted anywhere goes on.
import { makeClient } from '../client/index.ts'
import { type Control, openControl } from '../sandbox/model.ts'
import { openWorlds } from './clouds/index.ts'
import { waitForPayouts } from './payouts.ts'
import { takeSeats } from './seats.ts'
import { offer, publish, sell } from './selling.ts'
import type { Lived, StoryParts, Teller } from './teller.ts'
import { use } from './usage.ts'
import { wish } from './wishes.ts'
import { clouds } from './world.ts'

export async function live(parts: StoryParts): Promise<Lived> {
  const sandbox = openControl(parts.control)
  const vendor = makeClient({ url: parts.url, key: parts.key })
  const teller: Teller = { ...parts, sandbox, move: (instant) => moveTo(parts, sandbox, instant) }
  await sandbox.stopClock()
  const worlds = openWorlds(sandbox, parts.clouds ?? clouds)
  const { seated, ...seats } = await takeSeats(teller, vendor, worlds)
  const product_id = await publish(teller, seats, seated)
  const offered = await offer(teller, seats, seated, product_id)
  const deals = await sell(teller, seats, offered)
  await wish(teller, deals)
  await use(teller, seats, deals)
  await waitForPayouts(teller, seats, deals)
  return { sandbox, ...seats, deals }
}

async function moveTo(parts: StoryParts, sandbox: Control, instant: Date): Promise<void> {
  await sandbox.moveTo(instant)
  await parts.settle()
}
