// The console talks to the public API and to nothing else, with the cookie of whoever is signed in.
import { MutationCache, QueryCache, QueryClient, useQuery } from '@tanstack/react-query'
import { ApiProblem, makeClient, type paths, unwrap } from '../client/index.ts'

const ORGANISATION = 'syndic.organisation'

/** The organisation this browser works for; undefined until one was chosen: the service then takes the first seat. */
export function chosenOrganisation(): string | undefined {
  return localStorage.getItem(ORGANISATION) ?? undefined
}

/** Works for another organisation from now on. What was read for the one before is not shown again. */
export function chooseOrganisation(id: string | undefined): void {
  if (id === undefined) localStorage.removeItem(ORGANISATION)
  else localStorage.setItem(ORGANISATION, id)
  location.assign('/console/')
}

const organisation = chosenOrganisation()
/** The typed client: for what is not a plain read or write of a screen. */
export const client = makeClient({
  url: location.origin,
  ...(organisation === undefined ? {} : { organisation }),
})
export type ReadPath = { [P in keyof paths]: paths[P] extends { get: unknown } ? P : never }[keyof paths]
type Read<P extends ReadPath> = paths[P] extends { get: infer Route } ? Route : never
/** What a route answers when all is well. */
export type Answer<P extends ReadPath> =
  Read<P> extends { responses: { 200: { content: { 'application/json': infer Body } } } } ? Body : never
type Parameters<P extends ReadPath> =
  Read<P> extends { parameters: { query?: infer Query; path?: infer Path } }
    ? { params?: { query?: Query; path?: Path } }
    : never

type Options<T> = {
  enabled?: boolean
  refetchInterval?: number | false | ((query: { state: { data: T | undefined } }) => number | false)
  staleTime?: number
  /** What is shown while another question is asked: `(before) => before` for the answer to the one before. */
  placeholderData?: (before: unknown) => unknown
}
/** What a screen knows of something it asked for. */
export type Reading<T> = {
  data: T | undefined
  error: unknown
  /** It is being asked for, the first time or again. */
  isFetching: boolean
  /** What is shown is the answer to the question before. */
  isPlaceholderData: boolean
  refetch(): Promise<unknown>
}

/**
 * Reads, typed by the API's description. The libraries' own types follow every option of every route through; that
 * took the compiler minutes, so here they end at what a screen needs.
 */
export const api = {
  useQuery<P extends ReadPath>(
    method: 'get',
    path: P,
    init: Parameters<P> = {} as Parameters<P>,
    options: Options<Answer<P>> = {},
  ): Reading<Answer<P>> {
    return useQuery<Answer<P>, unknown>({
      queryKey: [method, path, init],
      queryFn: async ({ signal }) => unwrap(await get(path, { ...init, signal })) as Answer<P>,
      // Typed above as far as a screen needs; the library's own type has more ways to say the same.
      ...(options as object),
      // The route's description says what the answer is; the generic client only hands it on.
    }) as Reading<Answer<P>>
  },
}

const get = client.GET as (
  path: string,
  init: unknown,
) => Promise<{ data?: unknown; error?: unknown; response: Response }>

/** Whether a refusal came because nobody is signed in any more. */
const isSignedOut = (error: unknown) => error instanceof ApiProblem && error.problem.status === 401

/** Leaves for the page of signing in, which leads back here. */
function signIn(error: unknown): void {
  if (isSignedOut(error)) location.assign('/sign-in')
}

export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: signIn }),
  mutationCache: new MutationCache({ onError: signIn }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A refusal stays one; only what was lost on the way is asked again.
      retry: (count, error) => !(error instanceof ApiProblem) && count < 2,
    },
  },
})
