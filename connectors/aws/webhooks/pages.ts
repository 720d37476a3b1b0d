/**
 * The two pages of SNS that are visited: a signing certificate, and the address at which a subscription is confirmed.
 * Nobody proves who they are there. A page that cannot be had now says nothing about the message that named it.
 */
import { Fault, type FaultCode } from '../../../src/core/fault.ts'
import { lost, readWhole } from '../../reply.ts'
import type { Aws } from '../clients.ts'
import { retryAfter } from '../wire/transport.ts'

const WORDS_MAX = 300

/** What stands there. A page that AWS says is not there, or refuses, is the fault that it is told as. */
export async function visit(aws: Aws, call: string, address: string, signal: AbortSignal): Promise<string> {
  const reply = await aws.parts.fetch(address, { signal, redirect: 'manual' }).catch((error: unknown) => {
    throw lost('AWS', error, signal)
  })
  const text = new TextDecoder().decode(await readWhole('AWS', reply, signal))
  if (reply.ok) return text
  throw new Fault(codeOf(reply.status, text), `${call}: status ${reply.status}`, {
    retryAfterMs: retryAfter(reply.headers.get('retry-after') ?? undefined),
    evidence: { status: reply.status, body: text.slice(0, WORDS_MAX) },
  })
}

function codeOf(status: number, text: string): FaultCode {
  if (status === 429 || /<Code>Thrott/.test(text)) return 'throttled'
  if (status >= 500) return 'unavailable'
  if (status === 408) return 'timeout'
  if (status === 404 || status === 410) return 'not_found'
  return status >= 400 ? 'invalid' : 'unreadable_reply'
}
