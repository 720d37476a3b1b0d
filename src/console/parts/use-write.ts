import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { ApiProblem, unwrap } from '../../client/index.ts'
import { common } from '../words/index.ts'
import { problemOf } from './problem.tsx'

type Answer<T> = { data?: T; error?: unknown; response: Response }

type Options<T> = {
  /** Said when it is done; undefined: the screen shows it. */
  done?: string | ((data: T) => string)
  onDone?(data: T): unknown
}

/**
 * A write of a screen. The same content sent again after a failure carries the same Idempotency-Key, so that what was
 * done and not heard of is not done twice. Everything read before is asked again.
 */
export function useWrite<V, T>(
  send: (content: V, headers: { 'idempotency-key': string }) => Promise<Answer<T>>,
  { done, onDone }: Options<T> = {},
) {
  const queries = useQueryClient()
  const tried = useRef<{ content: string; key: string }>(undefined)
  return useMutation({
    mutationFn: async (content: V) => {
      const text = JSON.stringify(content ?? null)
      if (tried.current?.content !== text) tried.current = { content: text, key: crypto.randomUUID() }
      try {
        return unwrap(await send(content, { 'idempotency-key': tried.current.key }))
      } catch (error) {
        // What the service refused was not done: sent again it is another request, and its key may be new.
        if (error instanceof ApiProblem && error.problem.status < 500) tried.current = undefined
        throw error
      }
    },
    onSuccess: async (data) => {
      tried.current = undefined
      if (done !== undefined) {
        notifications.show({
          message: typeof done === 'string' ? done : done(data),
          color: 'green',
          closeButtonProps: { 'aria-label': common.close },
        })
      }
      await queries.invalidateQueries()
      await onDone?.(data)
    },
  })
}

/** The words for one field of a form out of a refusal: what is wrong and how to mend it. */
export function fieldErrors(error: unknown): Record<string, string> {
  const found: Record<string, string> = {}
  for (const { field, rule, fix } of problemOf(error)?.errors ?? []) found[field] ??= `${rule}. ${fix}.`
  return found
}
