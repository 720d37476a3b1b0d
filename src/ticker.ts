import type { Log } from './context.ts'

/** Node's timer: settles, rests, and settles again, until it is stopped. */
export type Ticker = {
  /** Begins the next round at once; during a round: as soon as that one ended. */
  wake(): void
  /** Ends after the round that is under way. */
  stop(): Promise<void>
}

/** Starts to settle, with rests of so many milliseconds. One round never overlaps the next; one that fails is logged. */
export function makeTicker(settle: () => Promise<unknown>, rest_ms: number, log: Log): Ticker {
  let stopped = false
  // What was written down while a round ran may have come after the round last looked.
  let woken = false
  let rise = () => {}
  const rest = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, rest_ms)
      rise = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const rounds = (async () => {
    while (!stopped) {
      woken = false
      try {
        await settle()
      } catch (error) {
        log('tick.failed', { reason: error instanceof Error ? error.message : String(error) })
      }
      if (!woken && !stopped) await rest()
    }
  })()
  return {
    wake() {
      woken = true
      rise()
    },
    async stop() {
      stopped = true
      rise()
      await rounds
    },
  }
}
