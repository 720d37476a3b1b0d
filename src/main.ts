// npm start: the service on this machine. In sandbox mode the first start lives one deal through on each cloud, and says
// where to look.
import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SealBroken } from './access/index.ts'
import { BadEnvironment, type Config, readConfig } from './config.ts'
import type { Log } from './context.ts'
import { leaveOpen } from './demo/left-open.ts'
import { describe } from './demo/print.ts'
import { STARTS_AT } from './demo/scenario.ts'
import { live } from './demo/story.ts'
import type { Lived } from './demo/teller.ts'
import { judge } from './demo/verdict.ts'
import { PortInUse, type RunningServer, startServer } from './server.ts'
import { DirectoryHeld } from './store/lock.ts'

/** Set once somebody asked for the end: what breaks off from then on, for want of a service, is no failure. */
let stopping = false

const log: Log = (event, fields) => {
  if (!stopping) console.error(JSON.stringify({ at: new Date().toISOString(), event, ...fields }))
}

/** The verdict of the lived deals, kept so that they are lived once. */
function livedFile(config: Config): string {
  return join(config.data, 'lived.txt')
}

async function readLived(config: Config): Promise<string | undefined> {
  return readFile(livedFile(config), 'utf8').catch(() => undefined)
}

/** There as long as the months are lived and judged, and what is left open is not. */
function unfinishedFile(config: Config): string {
  return join(config.data, 'unfinished')
}

/** Lives the demonstration through the service's own API; an interrupted one goes on where it was. */
async function liveOnce(config: Config, server: RunningServer, judged: boolean): Promise<void> {
  if (server.control === undefined) return
  const began_ms = performance.now()
  const report = (sentence: string) => console.log(`  ${since(began_ms)}  ${sentence}`)
  console.log(
    [
      '',
      'First start: so that there is something to look at, six deals on three clouds are lived through in the sandbox,',
      'January to May 2026. That takes about a minute, once. Ctrl+C interrupts it; the next start goes on from there.',
      '',
    ].join('\n'),
  )
  const parts = { ...server, control: server.control, report }
  const lived = await live(parts)
  if (judged || (await judgeAndKeep(config, lived, report))) {
    await leaveOpen(parts, lived)
    await rm(unfinishedFile(config), { force: true })
  }
  await lived.sandbox.runClock()
}

/** Whether all of it is true: then it is written down, and otherwise told. */
async function judgeAndKeep(config: Config, lived: Lived, report: (sentence: string) => void) {
  report('Every cent and every unit of it is checked.')
  const verdict = await judge(lived)
  const text = describe(verdict)
  if (verdict.ok) {
    await writeFile(unfinishedFile(config), '')
    await writeFile(livedFile(config), text)
    report(`All ${verdict.checks.length} checks hold; ${livedFile(config)} tells it all.`)
  } else console.log(text)
  return verdict.ok
}

/** How long ago it was, as "0:42". */
function since(began_ms: number): string {
  const seconds = Math.floor((performance.now() - began_ms) / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
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

/** npm hands a Ctrl+C on that the terminal has sent here already: that is one request, not two. */
const AGAIN_MS = 1_000

/** Ends in order, whatever is under way; asked once more, at once. */
function stopOnRequest(server: RunningServer): void {
  let asked_ms = 0
  const stop = () => {
    if (stopping && performance.now() - asked_ms > AGAIN_MS) process.exit(1)
    if (stopping) return
    stopping = true
    asked_ms = performance.now()
    console.log('\nStopping.')
    void server.stop().then(() => process.exit(0))
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const before = await readLived(config)
  const judged = before !== undefined
  const unlived = !judged || existsSync(unfinishedFile(config))
  const first = config.mode === 'sandbox' && config.sandbox === undefined && unlived
  console.log(`Syndic is starting; its data is in ${config.data}.`)
  const server = await startServer(config, {
    log,
    ticking: !first,
    ...(first ? { sandbox_start: STARTS_AT } : {}),
  })
  stopOnRequest(server)
  if (first) {
    await liveOnce(config, server, judged)
    server.startTicking()
  }
  await sayWhere(config, server)
}

/** What a person can mend is said in one message; anything else comes with its stack. */
function complain(error: unknown): void {
  const known = [BadEnvironment, DirectoryHeld, PortInUse, SealBroken].some((kind) => error instanceof kind)
  console.error(error instanceof Error ? (known ? error.message : error.stack) : String(error))
  process.exit(1)
}

try {
  await main()
} catch (error) {
  if (!stopping) complain(error)
}
