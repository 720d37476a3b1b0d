import { parseArgs } from 'node:util'
import { DirectoryInUse } from './journal.ts'
import { startServer } from './server.ts'

const usage =
  'node sandbox/main.ts --port N [--data DIR] [--record FILE] [--start ISO] [--seed S] [--until-stdin-ends]'
const known = ['port', 'data', 'record', 'start', 'seed'] as const
type Flags = Partial<Record<(typeof known)[number], string>>

/** Reads the flags or says everything that is wrong with them at once. */
function readFlags(): { flags: Flags; port: number; untilStdinEnds: boolean } {
  const { tokens } = parseArgs({
    options: Object.fromEntries(known.map((name) => [name, { type: 'string' as const }])),
    strict: false,
    tokens: true,
    allowPositionals: true,
  })
  const flags: Flags = {}
  const problems: string[] = []
  let untilStdinEnds = false
  for (const token of tokens) {
    if (token.kind === 'positional') problems.push(`unexpected argument ${token.value}`)
    if (token.kind !== 'option') continue
    if (token.name === 'until-stdin-ends') {
      untilStdinEnds = true
      continue
    }
    const name = known.find((candidate) => candidate === token.name)
    if (!name) problems.push(`unknown flag ${token.rawName}`)
    else if (!token.value) problems.push(`--${name} needs a value`)
    else flags[name] = token.value
  }
  const port = Number(flags.port)
  if (flags.port === undefined) problems.push('--port is missing (0 takes any free port)')
  else if (!Number.isInteger(port) || port < 0 || port > 65_535)
    problems.push(`--port ${flags.port} is no port`)
  if (flags.start !== undefined && Number.isNaN(Date.parse(flags.start))) {
    problems.push(`--start ${flags.start} is no instant such as 2026-11-01T00:00:00Z`)
  }
  if (problems.length > 0) fail(`${problems.join('; ')}. Usage: ${usage}`, 2)
  return { flags, port, untilStdinEnds }
}

function fail(message: string, code: number): never {
  process.stderr.write(`sandbox: ${message}\n`)
  process.exit(code)
}

const { flags, port, untilStdinEnds } = readFlags()
const { port: _port, ...options } = flags
try {
  const server = await startServer({ ...options, port })
  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    void server.stop().then(() => process.exit(0))
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  if (untilStdinEnds) {
    // Whoever started this process holds the other end: when it dies, however it dies, the sandbox ends too.
    process.stdin.once('end', stop)
    process.stdin.resume()
  }
  process.stdout.write(`${JSON.stringify(server.urls)}\n`)
} catch (error) {
  if (error instanceof DirectoryInUse) fail(error.message, 1)
  fail(error instanceof Error ? error.message : String(error), 1)
}
