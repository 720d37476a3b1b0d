// Failed sign-ins make the next one wait, longer each time: for one account, so that a password cannot be guessed, and
// for one address, so that one password cannot be tried on many accounts.
import { Refusal } from '../core/problem.ts'
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../core/time.ts'
import type { InstallationScope, Store } from '../store/index.ts'
import { type KeyParts, keyedDigest } from './installation-key.ts'
import { plainEmail } from './people.ts'

/** How many failures are free, and how long the first and the longest wait after them is. */
export const THROTTLES = {
  account: { free: 5, first_ms: 5 * SECOND_MS, longest_ms: 15 * MINUTE_MS },
  // Many people may come from one address, and behind a proxy that says nothing all of them do: it waits less.
  address: { free: 20, first_ms: SECOND_MS, longest_ms: MINUTE_MS },
} as const
/** Failures are forgotten after a day without one. */
const FORGET_MS = DAY_MS

type Kind = keyof typeof THROTTLES

/** Who tries: the account's e-mail address, and where the request came from if that is known. */
export type Trier = { email: string; address: string | undefined }

/** How long after its last failure a subject waits, in milliseconds. */
export function waitOf(kind: Kind, failures: number): number {
  const { free, first_ms, longest_ms } = THROTTLES[kind]
  return failures < free ? 0 : Math.min(longest_ms, first_ms * 2 ** Math.min(failures - free, 20))
}

function tooMany(wait_ms: number): Refusal {
  const wait_s = Math.ceil(wait_ms / SECOND_MS)
  const detail = `Too many failed sign-ins. Try again in ${wait_s} seconds.`
  return new Refusal('too-many-requests', detail, [], wait_s)
}

/**
 * Takes an attempt, counted as failed before it is made: many at once cannot all slip through. Throws too-many-requests
 * when it has to wait, without counting it.
 */
export async function takeAttempt(context: KeyParts & { store: Store }, trier: Trier): Promise<void> {
  await context.store.inInstallation(async (scope) => {
    const { tx, wall } = scope
    const now = wall()
    const subjects = await subjectsOf(context, scope, trier)
    const names = subjects.map(({ subject }) => subject)
    await tx.sign_in_failure.createMany({
      data: names.map((subject) => ({ subject, failures: 0, window_at: now })),
      skipDuplicates: true,
    })
    await tx.$queryRaw`SELECT subject FROM sign_in_failure WHERE subject = ANY(${names}) ORDER BY subject FOR UPDATE`
    const rows = await tx.sign_in_failure.findMany({ where: { subject: { in: names } } })
    const counted = subjects.map(({ kind, subject }) => {
      const row = rows.find((one) => one.subject === subject)
      const since_ms = now.getTime() - (row?.window_at ?? now).getTime()
      const failures = row === undefined || since_ms > FORGET_MS ? 0 : row.failures
      return { subject, failures, wait_ms: waitOf(kind, failures) - since_ms }
    })
    const wait_ms = Math.max(...counted.map((one) => one.wait_ms))
    if (wait_ms > 0) throw tooMany(wait_ms)
    for (const { subject, failures } of counted) {
      await tx.sign_in_failure.update({
        where: { subject },
        data: { failures: failures + 1, window_at: now },
      })
    }
  })
}

/** The attempt succeeded: the account begins anew, the address gets its attempt back, and what is old goes. */
export async function giveBack(context: KeyParts, scope: InstallationScope, trier: Trier): Promise<void> {
  const { tx, wall } = scope
  for (const { kind, subject } of await subjectsOf(context, scope, trier)) {
    if (kind === 'account') await tx.sign_in_failure.deleteMany({ where: { subject } })
    else {
      await tx.sign_in_failure.updateMany({
        where: { subject, failures: { gt: 0 } },
        data: { failures: { decrement: 1 } },
      })
    }
  }
  const old = new Date(wall().getTime() - FORGET_MS)
  await tx.sign_in_failure.deleteMany({ where: { window_at: { lt: old } } })
}

/** In the order of their names, so that two attempts never hold each other up. Neither text is kept in the clear. */
async function subjectsOf(context: KeyParts, scope: Pick<InstallationScope, 'tx'>, trier: Trier) {
  const wanted: { kind: Kind; text: string }[] = [{ kind: 'account', text: plainEmail(trier.email) }]
  if (trier.address !== undefined) wanted.push({ kind: 'address', text: networkOf(trier.address) })
  const subjects: { kind: Kind; subject: string }[] = []
  for (const { kind, text } of wanted) {
    subjects.push({ kind, subject: `${kind} ${await keyedDigest(context, scope, `throttle ${kind}`, text)}` })
  }
  return subjects.sort((left, right) => (left.subject < right.subject ? -1 : 1))
}

/** Of an IPv6 address the half that is one household's: the other half its owner chooses at will. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.toLowerCase().split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail === undefined || tail === '' ? [] : tail.split(':')
  const middle = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length)
  const groups = [...front, ...Array.from({ length: middle }, () => '0'), ...back]
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
