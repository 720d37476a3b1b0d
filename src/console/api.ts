// The console talks to the public API and to nothing else, with the cookie of whoever is signed in.
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import createHooks from 'openapi-react-query'
import { ApiProblem, makeClient } from '../client/index.ts'

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
/** useQuery and useMutation for every route, typed by its description. */
export const api = createHooks(client)

/** Whether a refusal came because nobody is signed in any more. */
const isSignedOut = (error: unknown) =>
  typeof error === 'object' && error !== null && 'status' in error && error.status === 401

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
      retry: (count, error) => !('status' in error) && !(error instanceof ApiProblem) && count < 2,
    },
  },
})
