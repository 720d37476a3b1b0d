import { createContext, type ReactNode, useContext } from 'react'
import type { Schemas } from '../client/index.ts'
import { api } from './api.ts'
import { Loading } from './parts/loading.tsx'
import { ProblemAlert } from './parts/problem.tsx'

export type Me = Schemas['Me']
type Session = Me & {
  /** Whether the signed-in person may do something here. The service decides; this only spares them a refusal. */
  can(permission: string): boolean
}

const SessionContext = createContext<Session | undefined>(undefined)

/** Asks who is signed in before anything else is shown. */
export function SessionGate({ children }: { children: ReactNode }) {
  const me = api.useQuery('get', '/v1/me')
  if (me.error) return <ProblemAlert error={me.error} retry={() => me.refetch()} />
  if (me.data === undefined) return <Loading />
  const held = new Set(me.data.permissions)
  const session = { ...me.data, can: (permission: string) => held.has(permission) }
  return <SessionContext value={session}>{children}</SessionContext>
}

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === undefined) throw new Error('A screen is shown outside of its session.')
  return session
}
