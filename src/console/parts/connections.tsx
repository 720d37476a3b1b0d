import type { Schemas } from '../../client/index.ts'
import { api } from '../api.ts'
import { useSession } from '../session.tsx'
import { common } from '../words/index.ts'

export type Connection = Schemas['Connection']

/** In the order in which they are shown. */
export const clouds = ['aws', 'azure', 'gcp'] as const

/** What a cloud is called. */
export const cloudText = (cloud: string) =>
  cloud === 'aws' || cloud === 'azure' || cloud === 'gcp' ? common.clouds[cloud] : cloud

/** A seller account as it is called in lists and choices. */
export const connectionText = ({ cloud, name }: Pick<Connection, 'cloud' | 'name'>) =>
  `${cloudText(cloud)}: ${name}`

/** The organisation's seller accounts; empty until they are there, or where one may not see them. */
export function useConnections(): { connections: readonly Connection[]; loaded: boolean; error: unknown } {
  const { can } = useSession()
  const allowed = can('connections.read')
  const { data, error } = api.useQuery('get', '/v1/connections', {}, { enabled: allowed, staleTime: 60_000 })
  return { connections: data?.items ?? [], loaded: !allowed || data !== undefined, error }
}

/** The seller account behind an id; short: its cloud alone where that is enough. The id where it is not known. */
export function ConnectionName({ id, short = false }: { id: string; short?: boolean }) {
  const { connections } = useConnections()
  const found = connections.find((one) => one.id === id)
  if (found === undefined) return <span>{id}</span>
  const alone = connections.filter(({ cloud }) => cloud === found.cloud).length === 1
  if (short && alone) return <span title={found.name}>{cloudText(found.cloud)}</span>
  return <span>{connectionText(found)}</span>
}
