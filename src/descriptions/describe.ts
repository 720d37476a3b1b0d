// What the cloud's files tell of agreements, offers and invoices, put together as it stood at an instant.
import type { DescriptionKind } from '../../connectors/connector.ts'
import type { Scope } from '../store/index.ts'
import type { Described, Kept, Party, Tax } from './model.ts'
import { findDescriptions } from './store.ts'

/** What somebody wants explained; `id` is the asker's own. */
export type Asked = {
  id: string
  connection_id: string | null
  agreement_id: string | null
  offer_id: string | null
  /** An invoice whose taxes are wanted, and the sale on it. */
  invoice_id?: string | null
  reference?: string | null
  at: Date
}

/**
 * What stood at an instant. The first validity stands for the time before it, too: files tell of a thing a while after it
 * began, and an invoice may be written in between.
 */
export function asOf<T extends { valid_from: Date }>(ordered: readonly T[], at: Date): T | undefined {
  return ordered.findLast(({ valid_from }) => valid_from <= at) ?? ordered[0]
}

type Of<Kind extends DescriptionKind> = Extract<Kept, { kind: Kind }>

/** What was found so far, by connection, kind and name. */
function directory(scope: Scope) {
  const found = new Map<string, Kept[]>()
  const place = (connection_id: string, kind: DescriptionKind, name: string) =>
    JSON.stringify([connection_id, kind, name])
  return {
    async load(kinds: readonly DescriptionKind[], by: 'about' | 'key', names: readonly (string | null)[]) {
      const wanted = names.filter((name) => name !== null)
      const all = await findDescriptions(scope, kinds, by, wanted)
      for (const one of all) {
        const at = place(one.connection_id, one.kind, one[by])
        const known = found.get(at)
        if (known === undefined) found.set(at, [one])
        else known.push(one)
      }
      return all
    },
    /** As it stood at an instant: one of each key. */
    at<Kind extends DescriptionKind>(connection_id: string, kind: Kind, name: string | null, at: Date) {
      if (name === null) return []
      const all = found.get(place(connection_id, kind, name)) ?? []
      const own = all.filter((one): one is Of<Kind> => one.kind === kind)
      return [...Map.groupBy(own, ({ key }) => key).values()].flatMap((versions) => asOf(versions, at) ?? [])
    },
  }
}
type Directory = ReturnType<typeof directory>

/** Of what has revisions those of the last one that was there at an instant. */
function lastRevision<T extends { valid_from: Date; told: { revision: string } }>(
  all: readonly T[],
  at: Date,
): T[] {
  const then = all.filter(({ valid_from }) => valid_from <= at)
  const revisions = (then.length === 0 ? all : then).map(({ told }) => told.revision).sort()
  const last = then.length === 0 ? revisions[0] : revisions.at(-1)
  return all.filter(({ told }) => told.revision === last)
}

/** What the files tell of each; what they tell nothing of is missing from the map. */
export async function describe(
  scope: Scope,
  asked: readonly Asked[],
): Promise<ReadonlyMap<string, Described>> {
  const of = directory(scope)
  const ids = asked.flatMap(({ agreement_id, offer_id }) => [agreement_id, offer_id])
  await of.load(['alias'], 'about', ids)
  const today = asked.flatMap(({ connection_id, ...one }) => {
    if (connection_id === null) return []
    const now = (id: string | null) => of.at(connection_id, 'alias', id, one.at)[0]?.told.id ?? id
    return [{ ...one, connection_id, agreement_id: now(one.agreement_id), offer_id: now(one.offer_id) }]
  })
  await of.load(
    ['agreement', 'term'],
    'about',
    today.map((one) => one.agreement_id),
  )
  await of.load(
    ['tax'],
    'about',
    today.map((one) => one.invoice_id ?? null),
  )
  const known = today.map((one) => {
    const agreement = of.at(one.connection_id, 'agreement', one.agreement_id, one.at)[0]?.told
    return { ...one, agreement, offer_id: one.offer_id ?? agreement?.offer_id ?? null }
  })
  await of.load(
    ['offer', 'offer_product', 'offer_target'],
    'about',
    known.map((one) => one.offer_id),
  )
  const sold = known.map((one) => ({ ...one, products: productsOf(of, one) }))
  await of.load(
    ['product'],
    'about',
    sold.flatMap(({ products }) => products),
  )
  await loadParties(
    of,
    sold.flatMap((one) => [
      one.agreement?.buyer ?? null,
      one.agreement?.seller ?? null,
      ...one.products.map((id) => of.at(one.connection_id, 'product', id, one.at)[0]?.told.maker ?? null),
    ]),
  )
  return new Map(
    sold.flatMap((one) => {
      const described = put(of, one)
      return described === undefined ? [] : [[one.id, described]]
    }),
  )
}

type At = { connection_id: string; at: Date }

function productsOf(
  of: Directory,
  { connection_id, offer_id, at }: At & { offer_id: string | null },
): string[] {
  const all = lastRevision(of.at(connection_id, 'offer_product', offer_id, at), at)
  return [...new Set(all.map(({ told }) => told.product_id))]
}

async function loadParties(of: Directory, keys: readonly (string | null)[]): Promise<void> {
  const accounts = await of.load(['account'], 'key', keys)
  const addresses = accounts.map((one) => (one.kind === 'account' ? one.told.address : null))
  await of.load(['address'], 'about', addresses)
}

function put(
  of: Directory,
  one: Omit<Asked, 'connection_id'> &
    At & { agreement: Kept<'agreement'>['told'] | undefined; products: readonly string[] },
): Described | undefined {
  const { connection_id, at, agreement, agreement_id, offer_id, invoice_id } = one
  const offers = lastRevision(of.at(connection_id, 'offer', offer_id, at), at)
  const targets = lastRevision(of.at(connection_id, 'offer_target', offer_id, at), at)
  const taxes = of.at(connection_id, 'tax', invoice_id ?? null, at)
  if (agreement === undefined && offers.length + taxes.length + one.products.length === 0) return undefined
  return {
    agreement_id,
    offer_id,
    offer: offers[0]?.told.name ?? null,
    offered_to: targets.flatMap(({ told }) => told.account ?? []),
    products: one.products.map((product_id) => {
      const product = of.at(connection_id, 'product', product_id, at)[0]?.told
      return { product_id, title: product?.title ?? null, maker: partyOf(of, one, product?.maker ?? null) }
    }),
    terms: of.at(connection_id, 'term', agreement_id, at).map(({ told }) => told.term),
    buyer: partyOf(of, one, agreement?.buyer ?? null),
    seller: partyOf(of, one, agreement?.seller ?? null),
    taxes: taxes
      .filter(({ told }) => told.reference === null || !one.reference || told.reference === one.reference)
      .map(({ told }) => taxOf(told)),
  }
}

function partyOf(of: Directory, { connection_id, at }: At, key: string | null): Party | null {
  const account = of.at(connection_id, 'account', key, at)[0]
  return account === undefined ? null : shownParty(of, { connection_id, at }, account)
}

function shownParty(of: Directory, { connection_id, at }: At, { about, told }: Kept<'account'>): Party {
  const address = of.at(connection_id, 'address', told.address, at)[0]?.told
  return {
    account_id: about,
    name: told.name ?? address?.company ?? null,
    country: address?.country ?? null,
    region: address?.region ?? null,
    city: address?.city ?? null,
  }
}

function taxOf({ type, level, jurisdiction, rate, amount, currency, liable }: Kept<'tax'>['told']): Tax {
  return { type, level, jurisdiction, rate, amount, currency, liable }
}

/** Who stands behind some accounts now, by connection and account: see `partyKey`. */
export async function findParties(
  scope: Scope,
  accounts: readonly { connection_id: string; account_id: string }[],
): Promise<ReadonlyMap<string, Party>> {
  const of = directory(scope)
  const found = await of.load(
    ['account'],
    'about',
    accounts.map(({ account_id }) => account_id),
  )
  const at = scope.now()
  await of.load(
    ['address'],
    'about',
    found.map((one) => (one.kind === 'account' ? one.told.address : null)),
  )
  return new Map(
    accounts.flatMap(({ connection_id, account_id }) => {
      const account = of.at(connection_id, 'account', account_id, at)[0]
      if (account === undefined) return []
      return [[partyKey(connection_id, account_id), shownParty(of, { connection_id, at }, account)]]
    }),
  )
}

export const partyKey = (connection_id: string, account_id: string): string =>
  `${connection_id} ${account_id}`
