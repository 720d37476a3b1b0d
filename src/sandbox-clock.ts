import { z } from 'zod'
import { Fault } from './core/fault.ts'
import type { Clock } from './core/time.ts'

const clockAnswer = z.object({ now: z.coerce.date(), mode: z.enum(['running', 'stopped']) })

/** Business time in sandbox mode: the sandbox's clock as last read, carried on by wall time while it runs. */
export function sandboxClock(control: string, ask: typeof fetch): Clock & { refresh(): Promise<void> } {
  let known: { now: Date; running: boolean; read_at: number } | undefined
  return {
    now() {
      if (known === undefined) throw new Error('The sandbox clock was not read yet')
      return new Date(known.now.getTime() + (known.running ? Date.now() - known.read_at : 0))
    },
    async refresh() {
      let answer: Response
      try {
        answer = await ask(`${control}/clock`)
      } catch (error) {
        throw new Fault('unavailable', 'The sandbox does not answer: business time is unknown', {
          cause: error,
        })
      }
      const { now, mode } = clockAnswer.parse(await answer.json())
      known = { now, running: mode === 'running', read_at: Date.now() }
    },
  }
}
