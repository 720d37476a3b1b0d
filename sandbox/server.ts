import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { baseUrls } from './control.ts'
import { ConnectionDropped } from './faults.ts'
import { createSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts'

export type SandboxServer = {
  urls: ReturnType<typeof baseUrls>
  origin: string
  sandbox: Sandbox
  stop(): Promise<void>
}

/** How often a running clock is looked at, in milliseconds of wall time. */
const tickInterval = 250

/** Serves a sandbox on the loopback address only. Port 0 takes any free one. */
export async function startServer(options: SandboxOptions & { port: number }): Promise<SandboxServer> {
  let sandbox: Sandbox | undefined
  const server = createServer((incoming, outgoing) => {
    if (sandbox) void serve(sandbox, incoming, outgoing)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    sandbox = createSandbox({ origin, ...options })
  } catch (error) {
    server.close()
    throw error
  }
  const served = sandbox
  const timer = setInterval(() => void served.tick().catch(report), tickInterval)
  return {
    urls: baseUrls(origin),
    origin,
    sandbox: served,
    async stop() {
      clearInterval(timer)
      await new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
      served.close()
    },
  }
}

function report(error: unknown): void {
  process.stderr.write(`sandbox: ${error instanceof Error ? error.stack : String(error)}\n`)
}

async function serve(sandbox: Sandbox, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  try {
    const response = await sandbox.fetch(await readRequest(incoming))
    const body = Buffer.from(await response.arrayBuffer())
    for (const [name, value] of response.headers) outgoing.setHeader(name, value)
    outgoing.statusCode = response.status
    if (incoming.method !== 'HEAD') outgoing.setHeader('content-length', body.length)
    outgoing.end(incoming.method === 'HEAD' ? undefined : body)
  } catch (error) {
    if (!(error instanceof ConnectionDropped)) report(error)
    incoming.socket.destroy()
  }
}

async function readRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const item of Array.isArray(value) ? value : [value ?? '']) headers.append(name, item)
  }
  const method = incoming.method ?? 'GET'
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const url = `http://${incoming.headers.host ?? '127.0.0.1'}${incoming.url ?? '/'}`
  return new Request(url, { method, headers, ...(hasBody ? { body: Buffer.concat(chunks) } : {}) })
}
