/** Reading a cloud's reply to its end, and saying what is known when it has none. The same for every cloud. */
import { Fault } from '../src/core/fault.ts'

/** No cloud's answer comes near; files are streamed and not read here. */
const REPLY_BYTES_MAX = 16 * 1024 * 1024

/** A whole reply, up to a limit. Throws a fault: unreadable_reply above it, timeout or connection_lost when it breaks. */
export async function readWhole(whom: string, reply: Response, signal?: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    const reader = reply.body?.getReader()
    while (reader !== undefined) {
      const { done, value } = await reader.read()
      if (done) break
      length += value.byteLength
      if (length > REPLY_BYTES_MAX) {
        await reader.cancel()
        throw new Fault('unreadable_reply', `${whom}: the reply is larger than ${REPLY_BYTES_MAX} bytes`)
      }
      chunks.push(value)
    }
  } catch (error) {
    throw lost(whom, error, signal)
  }
  const whole = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.byteLength
  }
  return whole
}

/** Nothing came back, or not all of it: whether the cloud acted is unknown. */
export function lost(whom: string, error: unknown, signal?: AbortSignal): Fault {
  if (error instanceof Fault) return error
  if (signal?.aborted) {
    return signal.reason instanceof Fault
      ? signal.reason
      : new Fault('timeout', `${whom}: the request was given up`)
  }
  return new Fault('connection_lost', `${whom}: the connection was lost: ${wordsOf(error)}`)
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return `${error.message}${cause}`
}
