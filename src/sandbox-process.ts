// The sandbox beside the service: a process of its own that is told nothing but where to keep its data.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { CloudAddresses } from './config.ts'

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
