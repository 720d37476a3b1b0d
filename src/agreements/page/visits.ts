// Buyers who came: a code that works once, and what they told. Limits are of wall time, for a browser waits in it.
import { z } from 'zod'
import { emailDigest, hashOf, makeSecret } from '../../access/index.ts'
import type { Context } from '../../context.ts'
import { HOUR_MS, MINUTE_MS, plus } from '../../core/time.ts'
import type { Prisma, Scope } from '../../store/index.ts'
import type { Typed } from './html.ts'

export type VisitKind = 'form' | 'redirect'
type Visit = Prisma.sign_up_visitGetPayload<Record<string, never>>

/** A person fills in a form; a program exchanges its code at once. */
const LASTS_MS: Readonly<Record<VisitKind, number>> = { form: 2 * HOUR_MS, redirect: 10 * MINUTE_MS }

const answers = z.object({ name: z.string(), email: z.string(), company: z.string() })
export type Contact = Typed & { at: string }

type Came = Pick<Visit, 'connection_id' | 'buyer_account_id' | 'license' | 'product_code' | 'agreement_id'>

/** Writes a visit down; answers its id and its code, which is kept nowhere. */
export async function openVisit(
  { random }: Pick<Context, 'random'>,
  scope: Scope,
  kind: VisitKind,
  came: Came,
): Promise<{ id: string; code: string }> {
  const { organisation_id, tx } = scope
  const { connection_id } = came
  const now = scope.wall()
  // What nobody came back to is of no use to anybody.
  await tx.sign_up_visit.deleteMany({
    where: { organisation_id, connection_id, used_at: null, expires_at: { lte: now } },
  })
  const [id, code] = [scope.id('visit'), makeSecret(random)]
  const code_hash = await hashOf(code)
  const expires_at = plus(now, LASTS_MS[kind])
  await tx.sign_up_visit.create({
    data: { organisation_id, id, kind, code_hash, ...came, created_at: now, expires_at },
  })
  return { id, code }
}

/** Uses a code up: of many at once one gets its visit; undefined for one that does not work (any more). */
export async function takeVisit(
  scope: Scope,
  kind: VisitKind,
  connection_id: string | null,
  code: string,
): Promise<Visit | undefined> {
  const { organisation_id, tx } = scope
  const code_hash = await hashOf(code)
  const now = scope.wall()
  const taken = await tx.sign_up_visit.updateMany({
    where: {
      organisation_id,
      kind,
      ...(connection_id === null ? {} : { connection_id }),
      code_hash,
      used_at: null,
      expires_at: { gt: now },
    },
    data: { used_at: now },
  })
  if (taken.count !== 1) return undefined
  return (await tx.sign_up_visit.findUnique({ where: { code_hash } })) ?? undefined
}

/** The agreement of a visit became known. */
export async function giveVisit({ tx, organisation_id }: Scope, id: string, agreement_id: string) {
  await tx.sign_up_visit.updateMany({ where: { organisation_id, id }, data: { agreement_id } })
}

const boundTo = (organisation_id: string, id: string) => [organisation_id, id, 'sign_up']

/** Keeps what a buyer told, sealed. */
export async function keepAnswers(
  context: Pick<Context, 'seal' | 'random'>,
  scope: Scope,
  { id }: Visit,
  typed: Typed,
): Promise<void> {
  const { organisation_id, tx } = scope
  const sealed_answers = await context.seal.seal(JSON.stringify(typed), boundTo(organisation_id, id))
  const { email } = typed
  const email_digest =
    email === '' ? null : await scope.asInstallation((whole) => emailDigest(context, whole, email))
  await tx.sign_up_visit.update({
    where: { organisation_id_id: { organisation_id, id } },
    data: { sealed_answers, email_digest },
  })
}

/** What the buyer of an agreement told last; null where nobody told anything, or it was forgotten. */
export async function findContact(
  { seal }: Pick<Context, 'seal'>,
  { tx, organisation_id }: Scope,
  agreement_id: string,
): Promise<Contact | null> {
  const row = await tx.sign_up_visit.findFirst({
    where: { organisation_id, agreement_id, sealed_answers: { not: null } },
    orderBy: { created_at: 'desc' },
  })
  if (row === null || row.sealed_answers === null) return null
  const opened = await seal.open(row.sealed_answers, boundTo(organisation_id, row.id))
  return { ...answers.parse(JSON.parse(opened)), at: (row.used_at ?? row.created_at).toISOString() }
}

/** Forgets what the buyer of an agreement told; answers how often they had. */
export async function forgetContact({ tx, organisation_id }: Scope, agreement_id: string): Promise<number> {
  const { count } = await tx.sign_up_visit.updateMany({
    where: { organisation_id, agreement_id, sealed_answers: { not: null } },
    data: { sealed_answers: null, email_digest: null },
  })
  return count
}
