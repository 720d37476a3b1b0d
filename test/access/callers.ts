// Everybody who can stand at the door: each role, each key with one scope, who runs the installation, and nobody.

import { SESSION_COOKIE } from '../../src/access/cookies.ts'
import { makeKey } from '../../src/access/keys.ts'
import { makePerson } from '../../src/access/people.ts'
import { allowedBy, permissionNames, roleNames } from '../../src/access/permissions.ts'
import { findSessions, openSession } from '../../src/access/sessions.ts'
import { KEY } from '../support/service.ts'
import type { World } from '../support/world.ts'

export type AtTheDoor = {
  name: string
  headers: Record<string, string>
  /** The permissions that the table gives them. */
  holds: ReadonlySet<string>
}

/** What a person has by having a session. */
const PERSON = 'person'

const OPERATOR = ['operator', 'organisation.read', 'organisation.manage', 'members.read', 'members.manage']

/** A person who is signed in with a browser, with these roles in an organisation. */
export async function signedIn(
  world: World,
  organisation_id: string | undefined,
  roles: readonly string[],
  operator = false,
): Promise<Record<string, string>> {
  return (await newPerson(world, organisation_id, roles, operator)).headers
}

/** The same, with who they are and another session of theirs. */
export async function newPerson(
  { service }: Pick<World, 'service'>,
  organisation_id: string | undefined,
  roles: readonly string[],
  operator = false,
) {
  const { context } = service.services
  return context.store.inInstallation(async (scope) => {
    people += 1
    const who = { name: `Person ${people}`, email: `person-${people}@example.com` }
    const id = await makePerson(context, scope, who, { operator })
    if (organisation_id !== undefined) {
      const created_at = scope.wall()
      await scope.tx.member.create({
        data: { organisation_id, person_id: id, roles: [...roles], created_at },
      })
    }
    const { token } = await openSession(context, scope, id)
    await openSession(context, scope, id)
    const sessions = await findSessions(scope, id, token)
    const other = sessions.find(({ current }) => !current)
    return {
      id,
      headers: { cookie: `${SESSION_COOKIE}=${token}`, origin: service.url },
      other_session_id: other?.id ?? '',
    }
  })
}

let people = 0

/** A program with a key. */
export async function withKey(
  { service, tenant }: World,
  organisation_id: string,
  scopes: readonly (typeof permissionNames)[number][],
): Promise<Record<string, string>> {
  const maker = { id: 'test', permissions: new Set<string>(permissionNames) }
  const { secret } = await tenant(
    (scope) => makeKey(service.services.context, scope, maker, { name: scopes.join(' '), scopes }),
    organisation_id,
  )
  return { authorization: `Bearer ${secret}` }
}

/** Everybody who may do anything in an organisation. */
export async function everybody(world: World, organisation_id: string): Promise<AtTheDoor[]> {
  const found: AtTheDoor[] = []
  for (const role of roleNames) {
    const headers = await signedIn(world, organisation_id, [role])
    found.push({
      name: `a member with the role ${role}`,
      headers,
      holds: new Set([...allowedBy([role]), PERSON]),
    })
  }
  for (const permission of permissionNames) {
    const headers = await withKey(world, organisation_id, [permission])
    found.push({ name: `a key with the scope ${permission}`, headers, holds: new Set([permission]) })
  }
  const headers = await signedIn(world, undefined, [], true)
  found.push({
    name: 'the operator, signed in and without a seat',
    headers,
    holds: new Set([...OPERATOR, PERSON]),
  })
  const all = new Set([...permissionNames, 'operator'])
  const key = { authorization: `Bearer ${KEY}`, 'syndic-organisation': organisation_id }
  found.push({ name: "the operator's key in sandbox mode", headers: key, holds: all })
  return found
}

/** Those who are nobody, whatever they send. */
export const NOBODY: readonly { name: string; headers: Record<string, string> }[] = [
  { name: 'nothing', headers: {} },
  {
    name: 'a key that is none',
    headers: { authorization: 'Bearer syn_0123456789012345678901234567890123456789012' },
  },
  { name: 'an empty key', headers: { authorization: 'Bearer ' } },
  { name: 'the key in another scheme', headers: { authorization: `Basic ${KEY}` } },
  { name: 'a session that is none', headers: { cookie: `${SESSION_COOKIE}=none` } },
  { name: 'the cookie under its bare name', headers: { cookie: 'syndic=none' } },
]
