// What buyers ask their seller for, and what the seller answers while the cloud holds its breath.
import type { Sold, Teller } from './teller.ts'

/** A message takes a second; an answer is due within ten. */
const MESSAGE_MS = 2_000
const ANSWERED_MS = 60_000

export async function wish(teller: Teller, deals: readonly Sold[]): Promise<void> {
  const wishes: string[] = []
  for (const { world } of deals) {
    const sentence = await world.wish?.()
    if (sentence !== undefined) wishes.push(sentence)
  }
  if (wishes.length === 0) return
  for (const sentence of wishes) teller.report(sentence)
  const asked_at = (await teller.sandbox.now()).getTime()
  await teller.move(new Date(asked_at + MESSAGE_MS))
  await teller.move(new Date(asked_at + ANSWERED_MS))
}
