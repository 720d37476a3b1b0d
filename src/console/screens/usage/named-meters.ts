import { api } from '../../api.ts'
import { buyerText } from './meter.ts'

/** Whose usage there is: as the choices of a filter, and by the id of the agreement. */
export function useNamedMeters() {
  const { data } = api.useQuery('get', '/v1/usage/summary', {}, { staleTime: 60_000 })
  const buyers = new Map((data?.items ?? []).map((one) => [one.agreement_id, buyerText(one)]))
  return { buyers, agreements: [...buyers].map(([value, label]) => ({ value, label })) }
}
