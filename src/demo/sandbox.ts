// The outside world of the demonstration: the sandbox's control API, called over HTTP like anybody could. What only one
// cloud has lies in that cloud's market.

export class SandboxRefused extends Error {
  readonly status: number
  constructor(path: string, status: number, text: string) {
    super(`The sandbox refused ${path} with ${status}: ${text}`)
    this.name = 'SandboxRefused'
    this.status = status
  }
}

export type Sandbox = ReturnType<typeof openSandbox>

export function openSandbox(control: string) {
  async function ask(method: string, path: string, body?: unknown): Promise<Response> {
    const init =
      body === undefined
        ? { method }
        : { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    const answer = await fetch(`${control}${path}`, init)
    if (!answer.ok) throw new SandboxRefused(path, answer.status, await answer.text())
    return answer
  }
  // The sandbox's README says what each route answers; whoever asks names that shape.
  const read = async <T>(path: string): Promise<T> => (await (await ask('GET', path)).json()) as T
  const send = async <T>(path: string, body: unknown): Promise<T> =>
    (await (await ask('POST', path, body)).json()) as T
  const now = async () => new Date((await read<{ now: string }>('/clock')).now)
  return {
    read,
    send,
    change: async (path: string, body: unknown) => void (await ask('PATCH', path, body)),
    now,
    stopClock: () => send('/clock', { mode: 'stopped' }),
    runClock: () => send('/clock', { mode: 'running' }),
    /** Moves the clock to an instant; one that is past already is left alone. */
    moveTo: async (instant: Date) => {
      if ((await now()) < instant) await send('/clock', { to: instant.toISOString() })
    },
    bankStatement: async (account_id: string) => (await ask('GET', `/bank/${account_id}.csv`)).text(),
  }
}
