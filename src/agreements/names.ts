import { offerNames } from '../offers/index.ts'
import type { Scope } from '../store/index.ts'
import { authorizationNames } from '../syndication/index.ts'
import type { Agreement } from './model.ts'
import { findMany } from './store.ts'

/**
 * What people call some agreements: by the offer or the resale authorization they came from. One that came from neither
 * has no name of ours.
 */
export async function namesOf(scope: Scope, agreements: Iterable<Agreement>): Promise<Map<string, string>> {
  const all = [...agreements]
  const offers = await offerNames(
    scope,
    all.flatMap(({ offer_id }) => offer_id ?? []),
  )
  const authorizations = await authorizationNames(
    scope,
    all.flatMap(({ authorization_id }) => authorization_id ?? []),
  )
  return new Map(
    all.flatMap(({ id, offer_id, authorization_id }) => {
      const name = offers.get(offer_id ?? '') ?? authorizations.get(authorization_id ?? '')
      return name === undefined ? [] : [[id, name]]
    }),
  )
}

/** The same by ids, for things that belong to an agreement or to none. */
export async function namesById(
  scope: Scope,
  ids: Iterable<string | null>,
): Promise<ReadonlyMap<string, string>> {
  const known = new Set([...ids].flatMap((id) => id ?? []))
  return known.size === 0 ? new Map() : namesOf(scope, (await findMany(scope, [...known])).values())
}
