// An HTTP mail API: what a Worker has in place of SMTP. The body is plain, so that any service, or a small function in
// front of one, can take it.
import { Fault, type FaultCode } from '../core/fault.ts'
import type { Mail } from './model.ts'

const ANSWER_WITHIN_MS = 20_000

export type HttpMailSettings = { url: string; key: string; from: string }

/** Sends each letter as one POST of { from, to, subject, text }. */
export function httpMail({ url, key, from }: HttpMailSettings, send: typeof fetch): Mail {
  return {
    async send({ id, to, subject, text }) {
      const headers = {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'idempotency-key': id,
      }
      const body = JSON.stringify({ from, to, subject, text })
      let answer: Response
      try {
        // The key and the letter go to the address that was set, and nowhere it points to.
        const signal = AbortSignal.timeout(ANSWER_WITHIN_MS)
        answer = await send(url, { method: 'POST', headers, body, redirect: 'manual', signal })
        // What it says may repeat the address, so it is not even read.
        await answer.body?.cancel()
      } catch {
        throw new Fault('unavailable', 'The mail service does not answer.')
      }
      if (answer.ok) return
      throw new Fault(faultOf(answer.status), `The mail service answered ${answer.status}.`)
    },
  }
}

function faultOf(status: number): FaultCode {
  if (status === 401 || status === 403) return 'unauthorised'
  if (status === 408 || status === 429) return 'throttled'
  return status >= 500 ? 'unavailable' : 'invalid'
}
