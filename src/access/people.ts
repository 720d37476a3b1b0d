// People: what is personal about them lies under a key of their own. Destroying that key forgets them wherever it was
// sealed under it, and leaves their id standing in books and audit records.
import { z } from 'zod'
import type { Context } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import type { InstallationScope, Prisma } from '../store/index.ts'
import { type KeyParts, keyedDigest, toHex } from './installation-key.ts'
import { makeSealer } from './seal.ts'

/** What we know of a person beside what they did. */
export type Profile = { name: string; email: string }

/** The columns of a person that their profile is read from; more a tenant's transaction does not see. */
export const profileColumns = { id: true, sealed_key: true, sealed_profile: true, erased_at: true } as const
export type ProfileRow = { id: string; sealed_key: string | null; sealed_profile: string | null }

export type Person = Prisma.personGetPayload<Record<string, never>>

const KEY_BYTES = 32
const profile = z.object({ name: z.string(), email: z.string() })

/** An address as it is kept and compared: people write theirs in many ways. */
export function plainEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase()
}

/** What a person is found by. It needs the installation's transaction, which keeps the key of it. */
export function emailDigest(
  context: KeyParts,
  scope: Pick<InstallationScope, 'tx'>,
  email: string,
): Promise<string> {
  return keyedDigest(context, scope, 'email', plainEmail(email))
}

/** Makes a person; answers their id. Throws conflict when somebody has the address already. */
export async function makePerson(
  context: KeyParts,
  scope: Pick<InstallationScope, 'tx' | 'wall' | 'id'>,
  { name, email }: Profile,
  options: { operator?: boolean; password?: string | null } = {},
): Promise<string> {
  const id = scope.id('person')
  const key_hex = toHex(context.random.bytes(KEY_BYTES))
  const made = await scope.tx.person.createMany({
    data: [
      {
        id,
        email_digest: await emailDigest(context, scope, email),
        sealed_key: await context.seal.seal(key_hex, ['person', id]),
        sealed_profile: await sealProfile(context, id, key_hex, { name: name.trim(), email: email.trim() }),
        password: options.password ?? null,
        operator: options.operator ?? false,
        created_at: scope.wall(),
      },
    ],
    skipDuplicates: true,
  })
  if (made.count === 0) {
    throw new Refusal('conflict', 'Somebody has this e-mail address already. Sign in with it first.')
  }
  return id
}

async function sealProfile({ random }: Pick<Context, 'random'>, id: string, key_hex: string, told: Profile) {
  const own = await makeSealer(key_hex, random)
  return own.seal(JSON.stringify(told), ['profile', id])
}

/** Who a person is; null when they were erased. */
export async function profileOf(
  { seal, random }: Pick<Context, 'seal' | 'random'>,
  { id, sealed_key, sealed_profile }: ProfileRow,
): Promise<Profile | null> {
  if (sealed_key === null || sealed_profile === null) return null
  const own = await makeSealer(await seal.open(sealed_key, ['person', id]), random)
  return profile.parse(JSON.parse(await own.open(sealed_profile, ['profile', id])))
}

/** Gives a person another name, in what is sealed under their key. Throws not-found for one who was erased. */
export async function renamePerson(
  context: Pick<Context, 'seal' | 'random'>,
  { tx }: Pick<InstallationScope, 'tx'>,
  id: string,
  name: string,
): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM person WHERE id = ${id} FOR UPDATE`
  const row = await tx.person.findUnique({ where: { id } })
  const before = row === null ? null : await profileOf(context, row)
  const key = row?.sealed_key ?? null
  if (before === null || key === null) throw new Refusal('not-found', `There is no person ${id}.`)
  const key_hex = await context.seal.open(key, ['person', id])
  const sealed_profile = await sealProfile(context, id, key_hex, { ...before, name: name.trim() })
  await tx.person.update({ where: { id }, data: { sealed_profile } })
}

/** The person who has an address. Whoever uses this to let somebody in has to have proof of more than the address. */
export async function findPersonByEmail(
  context: KeyParts,
  scope: Pick<InstallationScope, 'tx'>,
  email: string,
): Promise<Person | undefined> {
  const email_digest = await emailDigest(context, scope, email)
  return (await scope.tx.person.findUnique({ where: { email_digest } })) ?? undefined
}
