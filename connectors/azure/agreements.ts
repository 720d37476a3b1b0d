/**
 * Agreements: subscriptions of the SaaS fulfilment API. It knows no time of change, so the list is read whole; which
 * private offer a subscription came from stands only in the plan it is on.
 */
import { z } from 'zod'
import type { AgreementRecord, Agreements, Change, Connection, Pulled, Registration } from '../connector.ts'
import { activate, answerWish } from './agreements/answers.ts'
import {
  buyerOf,
  fromAzureSubscription,
  type Known,
  type Plan,
  planShape,
  type Subscription,
  sourceOfferOf,
  subscriptionShape,
  withoutPeople,
} from './agreements/map-agreements.ts'
import {
  isPartnerAgreement,
  pullPartnerAgreements,
  readPartnerAgreement,
  readTwo,
  writeTwo,
} from './agreements/partner-agreements.ts'
import { FULFILMENT_VERSION, readSubscription } from './agreements/subscriptions.ts'
import { type Azure, path } from './clients.ts'
import { isFaultOf, shaped } from './faults.ts'
import { readPrivateOffer } from './selling/private-offers.ts'
import { advance, fingerprintOf, type Listed, readCursor, START, writeCursor } from './wire/cursor.ts'

/** Each new agreement costs two further requests, so few are handed on at once. */
const RECORDS_PER_PULL = 20
const READ_AT_ONCE_MAX = 4

const text = z.string().nullish().catch(null)
const pageShape = z.looseObject({ subscriptions: z.array(z.unknown()), '@nextLink': text })
const plansShape = z.looseObject({ plans: z.array(planShape) })
const resolvedShape = z.looseObject({
  id: z.string().min(1),
  subscription: subscriptionShape.nullish().catch(null),
})

export function azureAgreements(azure: Azure): Agreements {
  return {
    registration: { place: 'query', field: 'token', covers: 'agreement' },
    pull: (connection, cursor) => pullAgreements(azure, connection, cursor),
    read: (connection, agreement_id) =>
      isPartnerAgreement(agreement_id)
        ? readPartnerAgreement(azure, connection, agreement_id)
        : readAgreement(azure, connection, agreement_id),
    resolve: (connection, token) => resolve(azure, connection, token),
    activate: (connection, agreement, _key): Promise<Change> => activate(azure, connection, agreement),
    answer: (connection, wish, accept, _key): Promise<Change> => answerWish(azure, connection, wish, accept),
  }
}

/** What this account sells itself, and what it sold as the partner of another publisher. */
async function pullAgreements(
  azure: Azure,
  connection: Connection,
  text: string | null,
): Promise<Pulled<AgreementRecord>> {
  const cursors = readTwo(text)
  const own = await pullSubscriptions(azure, connection, cursors.subscriptions)
  if (own.more) return { ...own, next: writeTwo({ ...cursors, subscriptions: own.next }) }
  const resold = await pullPartnerAgreements(azure, connection, cursors.offers)
  return {
    items: [...own.items, ...resold.items],
    next: writeTwo({ subscriptions: own.next, offers: resold.next }),
    more: resold.more,
  }
}

async function pullSubscriptions(
  azure: Azure,
  connection: Connection,
  text: string | null,
): Promise<Pulled<AgreementRecord>> {
  let cursor = readCursor(text)
  let page: z.infer<typeof pageShape>
  try {
    page = await listPage(azure, connection, cursor.link)
  } catch (error) {
    // A link that was kept too long is refused; the list is then read from its start again.
    if (cursor.link === null || !isFaultOf(error, 'invalid', 'not_found', 'forbidden')) throw error
    cursor = { ...START, before: cursor.before }
    page = await listPage(azure, connection, null)
  }
  const listed: Listed<Subscription>[] = []
  for (const value of page.subscriptions) {
    const item = shaped(subscriptionShape, value, 'ListSubscriptions')
    listed.push({ fingerprint: await fingerprintOf(value), item })
  }
  const { fresh, next, more } = advance(cursor, listed, page['@nextLink'] || null, RECORDS_PER_PULL)
  const items = await inGroups(fresh, READ_AT_ONCE_MAX, (subscription) =>
    assemble(azure, connection, subscription),
  )
  return { items, next: writeCursor(next), more }
}

async function listPage(azure: Azure, connection: Connection, link: string | null) {
  const { body } = await azure.call(connection, 'fulfilment', {
    call: 'ListSubscriptions',
    ...(link === null ? { path: '/saas/subscriptions', query: FULFILMENT_VERSION } : { link }),
  })
  return shaped(pageShape, body, 'ListSubscriptions')
}

async function readAgreement(
  azure: Azure,
  connection: Connection,
  agreement_id: string,
): Promise<AgreementRecord> {
  return assemble(azure, connection, await readSubscription(azure, connection, agreement_id))
}

/** A subscription put together with its plan and the private offer behind it. */
async function assemble(
  azure: Azure,
  connection: Connection,
  subscription: Subscription,
): Promise<AgreementRecord> {
  const plan = await boughtPlan(azure, connection, subscription)
  const source = sourceOfferOf(plan)
  const offer = source === undefined ? undefined : await sourceOffer(azure, connection, source)
  const known: Known = { plan, offer }
  return {
    ...fromAzureSubscription(subscription, connection.account_id, known),
    evidence: azure.evidence({ agreement_id: subscription.id }, withoutPeople({ subscription, ...known })),
  }
}

/** Asked with the plan that was bought, Azure names the private offer. Plans of what has ended may be gone. */
async function boughtPlan(
  azure: Azure,
  connection: Connection,
  { id, planId }: Subscription,
): Promise<Plan | undefined> {
  if (!planId) return undefined
  try {
    const { body } = await azure.call(connection, 'fulfilment', {
      call: 'ListAvailablePlans',
      path: path('saas', 'subscriptions', id, 'listAvailablePlans'),
      query: { ...FULFILMENT_VERSION, planId },
    })
    return shaped(plansShape, body, 'ListAvailablePlans').plans.find((plan) => plan.planId === planId)
  } catch (error) {
    if (isFaultOf(error, 'not_found', 'invalid', 'forbidden')) return undefined
    throw error
  }
}

/** Whether a partner sold it stands in the private offer; an account that may not read offers sees its id alone. */
async function sourceOffer(azure: Azure, connection: Connection, id: string) {
  try {
    return (await readPrivateOffer(azure, connection, id)).offer
  } catch (error) {
    if (isFaultOf(error, 'not_found', 'invalid', 'forbidden')) return undefined
    throw error
  }
}

/** A browser's form decoding turns an unescaped plus into a blank; a token that was not decoded yet is decoded here. */
export function cleanToken(token: string): string {
  const decoded = /%[0-9a-f]{2}/i.test(token) ? unescaped(token) : token
  return decoded.trim().replaceAll(' ', '+')
}

function unescaped(token: string): string {
  try {
    return decodeURIComponent(token)
  } catch {
    return token
  }
}

async function resolve(azure: Azure, connection: Connection, token: string): Promise<Registration> {
  const { body } = await azure.call(connection, 'fulfilment', {
    call: 'Resolve',
    method: 'POST',
    path: '/saas/subscriptions/resolve',
    query: FULFILMENT_VERSION,
    headers: { 'x-ms-marketplace-token': headerValue(cleanToken(token)) },
  })
  const { id, subscription } = shaped(resolvedShape, body, 'Resolve')
  const known = subscription ?? (await readSubscription(azure, connection, id))
  return {
    buyer_account_id: buyerOf(known),
    product_code: null,
    license: null,
    agreement_id: id,
    evidence: azure.evidence(undefined, withoutPeople(body)),
  }
}

/** Anybody may come with anything in place of a token; what cannot stand in a header is refused by Azure's own check. */
function headerValue(token: string): string {
  return token.replace(/[^\x21-\x7e]/g, '?')
}

async function inGroups<T, R>(
  items: readonly T[],
  size: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  for (let start = 0; start < items.length; start += size) {
    results.push(...(await Promise.all(items.slice(start, start + size).map(work))))
  }
  return results
}
