// npm start: the service on this machine. In sandbox mode the first start lives one deal through on each cloud, and says
// where to look.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SealBroken } from './access/index.ts'
import { BadEnvironment, type Config, readConfig } from './config.ts'
import type { Log } from './context.ts'
import { describe } from './demo/print.ts'
import { STARTS_AT } from './demo/scenario.ts'
import { live } from './demo/story.ts'
import { judge } from './demo/verdict.ts'
import { PortInUse, type RunningServer, startServer } from './server.ts'
import { DirectoryHeld } from './store/lock.ts'

const log: Log = (event, fields) =>
  console.error(JSON.stringify({ at: new Date().toISOString(), event, ...fields }))

/** The verdict of the lived deals, kept so that they are lived once. */
function livedFile(config: Config): string {
  return join(config.data, 'lived.txt')
}

async function readLived(config: Config): Promise<string | undefined> {
  return readFile(livedFile(config), 'utf8').catch(() => undefined)
}

/** Lives the demonstration through the service's own API; an interrupted one goes on where it was. */
async function liveOnce(config: Config, server: RunningServer): Promise<void> {
  if (server.control === undefined) return
  console.log(
    '\nFirst start: one deal on each of three clouds is lived through in the sandbox, in about a minute.\n',
  )
  const report = (sentence: string) => console.log(`  · ${sentence}`)
  const lived = await live({ ...server, control: server.control, report })
  const verdict = await judge(lived)
  const text = describe(verdict)
  console.log(text)
  if (verdict.ok) await writeFile(livedFile(config), text)
  await lived.sandbox.runClock()
}

/** One address, and one link for whoever comes first. What programs need lies in the data directory. */
async function sayWhere(config: Config, server: RunningServer): Promise<void> {
  if (server.control !== undefined) await writeFile(join(config.data, 'control'), `${server.control}\n`)
  const clouds = config.mode === 'live' ? 'the real clouds' : 'the sandbox'
  const lines = [
    '',
    `Syndic is at ${server.url} (${clouds}; data in ${config.data}).`,
    server.sign_in_url === undefined
      ? 'Sign in there with your account.'
      : `Sign in with this link; it works once: ${server.sign_in_url}`,
    'Stop it with Ctrl+C; the next start goes on from here.',
  ]
  console.log(lines.join('\n'))
}

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const before = await readLived(config)
  const first = config.mode === 'sandbox' && config.sandbox === undefined && before === undefined
  const server = await startServer(config, {
    log,
    ticking: !first,
    ...(first ? { sandbox_start: STARTS_AT } : {}),
  })
  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    void server.stop().then(() => process.exit(0))
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  if (first) {
    await liveOnce(config, server)
    server.startTicking()
  }
  await sayWhere(config, server)
}

try {
  await main()
} catch (error) {
  // What a person can mend is said in one message; anything else comes with its stack.
  const known = [BadEnvironment, DirectoryHeld, PortInUse, SealBroken].some((kind) => error instanceof kind)
  console.error(error instanceof Error ? (known ? error.message : error.stack) : String(error))
  process.exit(1)
}
