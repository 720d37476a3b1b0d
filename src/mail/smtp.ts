// SMTP on Node. This file is not part of the room's index: a Worker has no sockets of this kind, and its bundle must
// not carry the library.
import { z } from 'zod'
import { isLoopback } from '../core/address.ts'
import { Fault, type FaultCode } from '../core/fault.ts'
import type { Mail } from './model.ts'

const CONNECT_WITHIN_MS = 10_000
const ANSWER_WITHIN_MS = 20_000

export type SmtpSettings = { url: string; from: string }

/** Sends letters by SMTP. Beyond loopback only over TLS: letters hold tokens, and the conversation the password. */
export function smtpMail({ url, from }: SmtpSettings): Mail {
  const { protocol, hostname } = new URL(url)
  const domain = from.replace(/^.*@/, '').replace(/>\s*$/, '')
  const settings = {
    url,
    requireTLS: protocol === 'smtp:' && !isLoopback(hostname),
    connectionTimeout: CONNECT_WITHIN_MS,
    greetingTimeout: CONNECT_WITHIN_MS,
    socketTimeout: ANSWER_WITHIN_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
  // Loaded with the first letter: most processes never send one.
  const open = async () => (await import('nodemailer')).createTransport(settings)
  let transport: ReturnType<typeof open> | undefined
  return {
    async send({ id, to, subject, text }) {
      transport ??= open()
      try {
        await (await transport).sendMail({
          from,
          to: { name: '', address: to },
          subject,
          text,
          messageId: `<${id}@${domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
        })
      } catch (error) {
        throw toFault(error)
      }
    },
  }
}

const refusal = z.object({ code: z.string().optional(), responseCode: z.number().optional() })

/** Only the codes are kept: a server's own words repeat the address. */
function toFault(error: unknown): Fault {
  const { code = 'an error', responseCode } = refusal.catch({}).parse(error)
  const said = responseCode === undefined ? code : `${code} ${responseCode}`
  return new Fault(faultOf(code, responseCode), `The mail server answered with ${said}.`)
}

function faultOf(code: string, responseCode: number | undefined): FaultCode {
  if (code === 'EAUTH' || code === 'ENOAUTH') return 'unauthorised'
  // Only what is said of the address or of the letter is for good; the server's own state may change.
  const about_letter = code === 'EENVELOPE' || code === 'EMESSAGE'
  return about_letter && responseCode !== undefined && responseCode >= 500 ? 'invalid' : 'unavailable'
}
