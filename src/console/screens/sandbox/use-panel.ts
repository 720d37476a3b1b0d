import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Schemas } from '../../../client/index.ts'
import { api, client } from '../../api.ts'
import { useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'

export type Panel = Schemas['Sandbox']

/** While time passes, and otherwise. */
const MOVING_MS = 1_000
const RESTING_MS = 30_000

/** Whether this person may move the embedded clouds. */
export function useMayPlay(): boolean {
  const { can, mode } = useSession()
  return mode === 'sandbox' && can('sandbox.manage')
}

/** The state of the sandbox; what everything else shows follows its clock. */
export function usePanel() {
  const queries = useQueryClient()
  const enabled = useMayPlay()
  const panel = api.useQuery(
    'get',
    '/v1/sandbox',
    {},
    {
      enabled,
      refetchInterval: ({ state }) => (state.data?.moving ? MOVING_MS : RESTING_MS),
    },
  )
  const now = panel.data?.clock.now
  const moving = panel.data !== undefined && panel.data.moving !== null
  // The header tells business time.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of time that matters.
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ['get', '/v1/me'] })
  }, [now, queries])
  // What happened on the way is read when it is arrived.
  useEffect(() => {
    if (!moving)
      void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] !== '/v1/sandbox' })
  }, [moving, queries])
  return { ...panel, moving }
}

/** Lets time pass. */
export function usePassing(done?: string) {
  return useWrite(
    (body: { by: string } | { to: string } | { mode: 'running' | 'stopped' }, header) =>
      client.POST('/v1/sandbox/clock', { params: { header }, body }),
    done === undefined ? {} : { done },
  )
}

/** How long a cloud's message about what a buyer did takes to come, and what follows from it. */
const TOLD_AFTER = 'PT5M'

/** Acts as a buyer, then lets the cloud tell of it. */
export function useDeed<V, T>(
  send: (
    content: V,
    header: { 'idempotency-key': string },
  ) => Promise<{ data?: T; error?: unknown; response: Response }>,
  done: (data: T) => string,
  after = TOLD_AFTER,
) {
  const pass = usePassing()
  return useWrite(send, { done, onDone: () => pass.mutateAsync({ by: after }) })
}
