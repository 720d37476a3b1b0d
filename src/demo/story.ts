// One deal, end to end, through the HTTP API alone. Every step may be run again: writes carry keys of their own, and
// what the outside world did already is found, not repeated. So a story that was interrupted anywhere goes on.
import { makeClient } from '../client/index.ts'
import { waitForPayouts } from './payouts.ts'
import { openSandbox, type Sandbox } from './sandbox.ts'
import { takeSeats } from './seats.ts'
import { offer, publish, sell } from './selling.ts'
import type { Lived, StoryParts, Teller } from './teller.ts'
import { use } from './usage.ts'

export async function live(parts: StoryParts): Promise<Lived> {
  const sandbox = openSandbox(parts.control)
  const vendor = makeClient({ url: parts.url, key: parts.key })
  const teller: Teller = { ...parts, sandbox, move: (instant) => moveTo(parts, sandbox, instant) }
  await sandbox.stopClock()
  const seats = await takeSeats(teller, vendor)
  const listed = await publish(teller, seats)
  const offered = await offer(teller, seats, listed)
  const sold = await sell(teller, seats, offered)
  await use(teller, seats, sold)
  await waitForPayouts(teller, seats)
  return { sandbox, ...seats, ...offered, ...sold }
}

async function moveTo(parts: StoryParts, sandbox: Sandbox, instant: Date): Promise<void> {
  await sandbox.moveTo(instant)
  await parts.settle()
}
