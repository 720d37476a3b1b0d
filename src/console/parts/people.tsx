import { api } from '../api.ts'
import { useSession } from '../session.tsx'
import { common } from '../words/index.ts'

/** What people and keys are called, by their ids; empty until it is there, or where one may not see them. */
export function useNames(): ReadonlyMap<string, string> {
  const { can, actor, name } = useSession()
  const slow = { staleTime: 60_000 }
  const members = api.useQuery('get', '/v1/members', {}, { ...slow, enabled: can('members.read') })
  const keys = api.useQuery('get', '/v1/api-keys', {}, { ...slow, enabled: can('keys.read') })
  return new Map([
    ['operator', common.people.operator],
    ...(keys.data?.items ?? []).map((key): [string, string] => [key.id, common.people.key(key.name)]),
    ...(members.data?.items ?? []).flatMap((one): [string, string][] =>
      one.name === null ? [] : [[one.id, one.name]],
    ),
    [actor.id, common.people.you(name)],
  ])
}

/** Who somebody is: their name where it is known here, else their id. A dash for nobody. */
export function Who({ id }: { id: string | null | undefined }) {
  const names = useNames()
  if (id === null || id === undefined || id === '') return <span>{common.none}</span>
  const name = names.get(id)
  // An id may break wherever it is too long; a name may not.
  return <span style={name === undefined ? { overflowWrap: 'anywhere' } : undefined}>{name ?? id}</span>
}
