// The outside world of the demonstration: the sandbox's control API, called over HTTP like anybody could.

export class SandboxRefused extends Error {
  readonly status: number
  constructor(path: string, status: number, text: string) {
    super(`The sandbox refused ${path} with ${status}: ${text}`)
    this.name = 'SandboxRefused'
    this.status = status
  }
}

export type Account = {
  account_id: string
  access_key_id: string
  secret_access_key: string
  feed_bucket?: string
}
export type AccountDraft = {
  account_id: string
  name: string
  role: 'seller' | 'buyer'
  country?: string
  tax?: { rate: string; liable: 'aws' | 'seller' }
}
export type AcceptedAgreement = { id: string; offer_id: string }
export type Payout = { account_id: string; amount: string; currency: string; paid: boolean }

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
  const read = async <T>(path: string): Promise<T> => (await (await ask('GET', path)).json()) as T
  const send = async <T>(path: string, body: unknown): Promise<T> =>
    (await (await ask('POST', path, body)).json()) as T
  return {
    now: async () => new Date((await read<{ now: string }>('/clock')).now),
    stopClock: () => send('/clock', { mode: 'stopped' }),
    runClock: () => send('/clock', { mode: 'running' }),
    /** Moves the clock to an instant; one that is past already is left alone. */
    moveTo: async (instant: Date) => {
      const now = new Date((await read<{ now: string }>('/clock')).now)
      if (now < instant) await send('/clock', { to: instant.toISOString() })
    },
    account: (draft: AccountDraft) => send<Account>('/aws/accounts', draft),
    eventsTo: (account_id: string, url: string) => send('/aws/event-destinations', { account_id, url }),
    /** The buyer accepts an offer, once: an acceptance that is there already is found again. */
    accept: async (buyer: string, offer_id: string): Promise<string> => {
      const known = await read<AcceptedAgreement[]>('/aws/accepted?kind=agreements')
      const found = known.find((agreement) => agreement.offer_id === offer_id)
      return (
        found?.id ??
        (await send<{ agreement_id: string }>(`/aws/buyers/${buyer}/accept`, { offer_id })).agreement_id
      )
    },
    /** The marketplace's token for the buyer's way to the vendor's sign-up page. */
    register: (buyer: string, agreement_id: string) =>
      send<{ registration_token: string; fulfillment_url: string }>(`/aws/buyers/${buyer}/register`, {
        agreement_id,
      }),
    acceptedUsage: (account_id: string) =>
      read<{ agreement_id: string; dimension: string; quantity: number }[]>(
        `/aws/accepted?kind=usage&account_id=${account_id}`,
      ),
    payouts: (account_id: string) => read<Payout[]>(`/aws/payouts?account_id=${account_id}`),
    invoices: (account_id: string) =>
      read<{ invoice_id: string; paid_at: string | null }[]>(`/aws/invoices?account_id=${account_id}`),
    bankStatement: async (account_id: string) => (await ask('GET', `/bank/${account_id}.csv`)).text(),
  }
}
