// The embedded clouds' control API, called over HTTP like anybody could: their clock, their buyers, their faults. What
// only one cloud has lies in that cloud's file.

/** The other side said no, in its own words. */
export class SandboxRefused extends Error {
  readonly status: number
  /** What the sandbox says is wrong, if it says it in fields. */
  readonly problems: readonly { field: string; rule: string; fix: string }[]
  constructor(path: string, status: number, text: string) {
    super(`The sandbox refused ${path} with ${status}: ${text}`)
    this.name = 'SandboxRefused'
    this.status = status
    this.problems = problemsIn(text)
  }
}

function problemsIn(text: string): SandboxRefused['problems'] {
  try {
    const { problems } = JSON.parse(text) as { problems?: SandboxRefused['problems'] }
    return problems ?? []
  } catch {
    return []
  }
}

export type ClockState = { now: string; mode: 'running' | 'stopped' }
export type Control = ReturnType<typeof openControl>

export function openControl(control: string, send_to: typeof fetch = (input, init) => fetch(input, init)) {
  async function ask(method: string, path: string, body?: unknown): Promise<Response> {
    const init =
      body === undefined
        ? { method }
        : { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    const answer = await send_to(`${control}${path}`, init)
    if (!answer.ok) throw new SandboxRefused(path, answer.status, await answer.text())
    return answer
  }
  // The sandbox's README says what each route answers; whoever asks names that shape.
  const read = async <T>(path: string): Promise<T> => (await (await ask('GET', path)).json()) as T
  const send = async <T>(path: string, body: unknown): Promise<T> =>
    (await (await ask('POST', path, body)).json()) as T
  const clock = () => read<ClockState>('/clock')
  const now = async () => new Date((await clock()).now)
  return {
    read,
    send,
    change: async (path: string, body: unknown) => void (await ask('PATCH', path, body)),
    remove: async (path: string) => void (await ask('DELETE', path)),
    clock,
    now,
    stopClock: () => send<ClockState>('/clock', { mode: 'stopped' }),
    runClock: () => send<ClockState>('/clock', { mode: 'running' }),
    /** Moves the clock to an instant; one that is past already is left alone. */
    moveTo: async (instant: Date) => {
      if ((await now()) < instant) await send('/clock', { to: instant.toISOString() })
    },
    bankStatement: async (account_id: string) => (await ask('GET', `/bank/${account_id}.csv`)).text(),
  }
}
