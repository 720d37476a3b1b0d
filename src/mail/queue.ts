import { z } from 'zod'
import type { Context } from '../context.ts'
import { Fault, judge } from '../core/fault.ts'
import { DAY_MS, plus } from '../core/time.ts'
import { openException } from '../exceptions/index.ts'
import type { Scope } from '../store/index.ts'
import { done, schedule, type WorkItem, type WorkOutcome } from '../work/index.ts'
import type { Letter } from './model.ts'

/** How long a letter is tried, in business time: after that somebody has to look. */
const TRIED_FOR_MS = 3 * DAY_MS

const payload = z.object({ sealed: z.string(), about: z.string(), since: z.coerce.date() })
const letterInside = z.object({ to: z.string(), subject: z.string(), text: z.string() })

const boundTo = (organisation_id: string, key: string) => [organisation_id, 'mail', key]

/**
 * Writes a letter down in the caller's transaction; it leaves after that. `about` names what it is about, never a
 * person's address. Answers false where no mail is set up: nothing was written then.
 */
export async function queueLetter(
  { mail, seal }: Pick<Context, 'mail' | 'seal'>,
  scope: Scope,
  about: string,
  letter: Letter,
): Promise<boolean> {
  if (mail === undefined) return false
  const key = `${about} ${scope.salt()}`
  const sealed = await seal.seal(JSON.stringify(letter), boundTo(scope.organisation_id, key))
  await schedule(scope, { kind: 'mail.send', key, payload: { sealed, about, since: scope.now() } })
  return true
}

/**
 * The handler of `mail.send`. A process that dies between the mail server's yes and ours sends the letter once more.
 * Sent or given up, it is forgotten; a letter that cannot be delivered becomes an exception.
 */
export async function sendLetter(
  { store, seal, mail, clocks }: Pick<Context, 'store' | 'seal' | 'mail' | 'clocks'>,
  item: WorkItem,
): Promise<WorkOutcome> {
  const { sealed, about, since } = payload.parse(item.payload)
  const letter = letterInside.parse(
    JSON.parse(await seal.open(sealed, boundTo(item.organisation_id, item.key))),
  )
  try {
    if (mail === undefined) throw new Fault('unavailable', 'No mail is set up any more.')
    await mail.send({ ...letter, id: item.id })
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    if (judge(error.code).retry && clocks.business.now() < plus(since, TRIED_FOR_MS)) throw error
    await store.inTenant(item.organisation_id, (scope) =>
      openException(scope, {
        kind: 'other',
        subject_id: about,
        sentence: `A letter about ${about} could not be delivered: ${error.message}`,
        fix: 'Check the address and the mail settings. For an invitation: send it again, or revoke it and invite once more',
      }),
    )
  }
  return done
}
