// What has to be remembered while the browser is away at a provider: sealed in a cookie of the same browser, so that an
// answer meant for somebody else's attempt finds nothing that fits.
import { z } from 'zod'
import type { Context } from '../context.ts'
import { MINUTE_MS } from '../core/time.ts'
import type { Store } from '../store/index.ts'
import { keyedDigest } from './installation-key.ts'
import { makeSealer } from './seal.ts'

export const FLOW_COOKIE = '__Host-syndic-flow'
/** How long somebody may take at the provider. */
export const FLOW_MS = 10 * MINUTE_MS

const BOUND = ['sign-in flow']

const flow = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  expires_at: z.iso.datetime(),
  purpose: z.discriminatedUnion('kind', [
    /** Lets in whoever the identity belongs to; an invitation is then taken up by them. */
    z.object({ kind: z.literal('sign_in'), invitation: z.string().nullable() }),
    /** Makes the person that somebody described at an entrance. */
    z.object({
      kind: z.literal('join'),
      entrance: z.object({ kind: z.enum(['first', 'invitation']), token: z.string() }),
      name: z.string(),
      email: z.string(),
    }),
    /** Links the identity to whoever was signed in when it began, and still is. */
    z.object({ kind: z.literal('link'), person_id: z.string() }),
  ]),
})
export type Flow = z.infer<typeof flow>
export type Purpose = Flow['purpose']

type Parts = Pick<Context, 'seal' | 'random' | 'clocks'> & { store: Store }

/** A sealer of the installation's own: a flow is begun by anybody, and must not cost a call to a key service each time. */
async function sealer(parts: Parts) {
  const key_hex = await parts.store.inInstallation((scope) =>
    keyedDigest(parts, scope, 'seal', BOUND[0] ?? ''),
  )
  return makeSealer(key_hex, parts.random)
}

/** The value of the cookie. */
export async function sealFlow(parts: Parts, told: Omit<Flow, 'expires_at'>): Promise<string> {
  const expires_at = new Date(parts.clocks.wall.now().getTime() + FLOW_MS).toISOString()
  return (await sealer(parts)).seal(JSON.stringify({ ...told, expires_at }), BOUND)
}

/** The flow of a cookie; undefined when it is not ours or too old. */
export async function openFlow(parts: Parts, cookie: string): Promise<Flow | undefined> {
  const opened = await (await sealer(parts)).open(cookie, BOUND).catch(() => undefined)
  if (opened === undefined) return undefined
  const found = flow.parse(JSON.parse(opened))
  return new Date(found.expires_at) > parts.clocks.wall.now() ? found : undefined
}
