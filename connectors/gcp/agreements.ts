/**
 * Entitlements through the Partner Procurement API. The list has no order and no filter by time, so it is walked from
 * its start to its end, and what changed since the last walk is read whole.
 */
import type { AgreementRecord, Agreements, Connection, Pulled } from '../connector.ts'
import { activateEntitlement } from './agreements/activation.ts'
import { readEntitlement } from './agreements/entitlements.ts'
import { fromGcpEntitlement, type GcpEntitlement, instant, offerIdOf } from './agreements/map-agreements.ts'
import { answerWish } from './agreements/plan-change.ts'
import { createSignUp } from './agreements/sign-up.ts'
import type { Gcp } from './clients.ts'
import { isFaultOf } from './faults.ts'
import { readPrivateOffer } from './selling/offer-stages.ts'
import { advance, readCursor, writeCursor } from './wire/cursor.ts'
import { providerOf } from './wire/names.ts'
import type { PrivateOffer } from './wire/producer-replies.ts'

/** Each entitlement of a page may cost a request for its offer, so pages are small. */
const PAGE_MAX = 50
const READ_AT_ONCE_MAX = 5

export function gcpAgreements(gcp: Gcp): Agreements {
  const resolve = createSignUp(gcp)
  return {
    registration: { place: 'form', field: 'x-gcp-marketplace-token', covers: 'buyer' },
    resolve,
    pull: (connection, cursor) => pullEntitlements(gcp, connection, cursor),
    async read(connection, agreement_id) {
      const entitlement = await readEntitlement(gcp, connection, agreement_id)
      return assemble(gcp, connection, entitlement)
    },
    activate: (connection, agreement) => activateEntitlement(gcp, connection, agreement),
    answer: (connection, wish, accept) => answerWish(gcp, connection, wish, accept),
  }
}

async function pullEntitlements(
  gcp: Gcp,
  connection: Connection,
  text: string | null,
): Promise<Pulled<AgreementRecord>> {
  const cursor = readCursor(text)
  const started = gcp.parts.clocks.business.now()
  const request = {
    parent: providerOf(connection),
    pageSize: PAGE_MAX,
    ...(cursor.token === null ? {} : { pageToken: cursor.token }),
  }
  const answer = await listPage(gcp, connection, request)
  const page = (answer.entitlements ?? []).flatMap((item) => {
    const changed_at = instant(item.updateTime)
    if (!item.name || changed_at === null) return []
    return [{ key: `${item.name} ${item.updateTime} ${item.state}`, changed_at, item }]
  })
  const { fresh, next } = advance(cursor, page, answer.nextPageToken || null, started)
  const items: AgreementRecord[] = []
  for (let start = 0; start < fresh.length; start += READ_AT_ONCE_MAX) {
    const group = fresh.slice(start, start + READ_AT_ONCE_MAX)
    items.push(...(await Promise.all(group.map(({ item }) => assemble(gcp, connection, item)))))
  }
  return { items, next: writeCursor(next), more: next.token !== null }
}

type ListRequest = { parent: string; pageSize: number; pageToken?: string }

async function listPage(gcp: Gcp, connection: Connection, request: ListRequest) {
  const list = (asked: ListRequest) =>
    gcp.procurement(connection, 'ListEntitlements', (client, options) =>
      client.providers.entitlements.list(asked, options),
    )
  try {
    return await list(request)
  } catch (error) {
    // A token that was kept too long is refused; the list is then read from its start again.
    if (request.pageToken === undefined || !isFaultOf(error, 'invalid')) throw error
    const { pageToken: _, ...first } = request
    return list(first)
  }
}

/** Puts an entitlement together with its private offer, where it has one that this account may read. */
async function assemble(
  gcp: Gcp,
  connection: Connection,
  entitlement: GcpEntitlement,
): Promise<AgreementRecord> {
  const offer = await readOffer(gcp, connection, offerIdOf(entitlement))
  const now = gcp.parts.clocks.business.now()
  return {
    ...fromGcpEntitlement(entitlement, offer, connection.account_id, now),
    evidence: gcp.evidence({ name: entitlement.name }, { entitlement, offer }),
  }
}

/** Terms that are hidden from this account stay unknown: an offer of another project, or no permission to read any. */
async function readOffer(
  gcp: Gcp,
  connection: Connection,
  offer_id: string | null,
): Promise<PrivateOffer | undefined> {
  if (offer_id === null || !connection.settings.project) return undefined
  try {
    return await readPrivateOffer(gcp, connection, offer_id)
  } catch (error) {
    if (isFaultOf(error, 'not_found', 'forbidden')) return undefined
    throw error
  }
}
