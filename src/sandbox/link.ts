// The way to the sandbox, where there is one, and its refusals in our own form.
import type { Context } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import { SandboxRefused } from './control.ts'
import type { SandboxLink } from './model.ts'

/** The sandbox of this service. Throws not-found where the clouds are the real ones: there is no such address then. */
export function linkOf({ sandbox }: Pick<Context, 'sandbox'>): SandboxLink {
  if (sandbox === undefined) {
    throw new Refusal('not-found', 'There is nothing at this address. See /docs for what there is.')
  }
  return sandbox
}

/** Acts in the sandbox. What it refuses is a conflict in its own words; when it does not answer, that is said. */
export async function played<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof SandboxRefused && error.status < 500) {
      const words = error.problems.map(({ field, rule, fix }) => `${field}: ${rule}. ${fix}`).join(' ')
      throw new Refusal('conflict', `The sandbox refused. ${words || error.message}`)
    }
    if (error instanceof SandboxRefused || error instanceof TypeError) {
      throw new Refusal('cloud-unavailable', 'The sandbox does not answer. Is it running?')
    }
    throw error
  }
}
