/** One permission of a connection, tried: whether it works, the cloud's words, and what to do where it does not. */
import { Fault, type FaultCode } from '../src/core/fault.ts'
import type { ConnectionTest } from './connector.ts'

/** Failures that say nothing of the permission: the same test may succeed a minute later. */
const PASSING: readonly FaultCode[] = [
  'timeout',
  'connection_lost',
  'unavailable',
  'throttled',
  'unreadable_reply',
]

export async function tryPermission(
  permission: string,
  fix: string | ((failed: FaultCode) => string),
  work: () => Promise<string>,
): Promise<ConnectionTest> {
  try {
    return { permission, ok: true, detail: await work() }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const passing = PASSING.includes(error.code)
    const told = typeof fix === 'string' ? fix : fix(error.code)
    return {
      permission,
      ok: false,
      detail: error.message,
      fix: passing ? 'The cloud gave no clear answer. Test again in a minute' : told,
    }
  }
}
