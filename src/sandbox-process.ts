// The sandbox beside the service: a process of its own that is told nothing but where to keep its data, and a clock
// that follows its.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { CloudAddresses } from './config.ts'
import { Fault } from './core/fault.ts'
import type { Clock } from './core/time.ts'

const MAIN = fileURLToPath(new URL('../sandbox/main.ts', import.meta.url))

export type RunningSandbox = { addresses: CloudAddresses; stop(): Promise<void> }

/** Starts the sandbox on a free port and reads the one line of addresses it prints. It ends when this process does. */
export async function startSandbox({
  data,
  start,
}: {
  data: string
  start: string | undefined
}): Promise<RunningSandbox> {
  const options = [
    '--port',
    '0',
    '--data',
    data,
    '--until-stdin-ends',
    ...(start === undefined ? [] : ['--start', start]),
  ]
  const child = spawn(process.execPath, [MAIN, ...options], { stdio: ['pipe', 'pipe', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', (chunk) => {
    complaint += String(chunk)
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const line = await Promise.race([
    new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve)),
    ended.then(() => {
      throw new Error(complaint.trim() || 'The sandbox ended before it said where it listens.')
    }),
  ])
  return {
    addresses: JSON.parse(line) as CloudAddresses,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

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
