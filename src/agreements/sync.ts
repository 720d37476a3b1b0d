import type { AgreementRecord } from '../../connectors/connector.ts'
import * as offers from '../offers/index.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { schedule } from '../work/index.ts'
import { activateWhenReady } from './activate.ts'
import { amendByRecord } from './amend.ts'
import { answerWish } from './answer.ts'
import { book, choose } from './book.ts'
import type { Connected } from './connected.ts'
import { holdBuyer, holdOn } from './hold.ts'
import { findOrigin, type Links, termsOf, unlinked, withChoice } from './link.ts'
import { type Agreement, isOver } from './model.ts'
import { type AgreementChange, find, findEarlier, findOn, findUnlinked, insert, update } from './store.ts'

/** What an event or a registration told beside the cloud's own record. */
export type Hinted = { license?: string | null; product_code?: string | null; product_id?: string | null }

/**
 * Takes in what a cloud says of an agreement: new, changed, or the same again. Records may come late, twice, turned
 * round, or before the offer is known: the row they leave is the same.
 */
export async function applyRecord(
  scope: Scope,
  connection: Connected,
  record: AgreementRecord,
  hinted: Hinted = {},
): Promise<Agreement> {
  await holdOn(scope, connection.id, record.agreement_id)
  await holdBuyer(scope, connection.id, record.buyer_account_id)
  const agreement = await takeIn(scope, connection, record, hinted)
  await activateWhenReady(scope, connection, agreement)
  if (record.wish) await answerWish(scope, connection, record.wish)
  return agreement
}

async function takeIn(
  scope: Scope,
  connection: Connected,
  record: AgreementRecord,
  hinted: Hinted,
): Promise<Agreement> {
  const known = await findOn(scope, connection.id, record.agreement_id)
  if (known === undefined) return accept(scope, connection, record, hinted)
  const ends = isOver(record.state) && !isOver(known.state)
  const changed = await update(scope, known.id, {
    cloud_offer_id: known.cloud_offer_id ?? record.offer_id,
    cloud_authorization_id: known.cloud_authorization_id ?? record.authorization_id,
    ...standing(known, record),
    ...(ends ? { ended_at: record.updated_at ?? scope.now() } : {}),
    ...kept(hinted, record),
  })
  if (ends) {
    const sentence = `The agreement ${record.agreement_id} is ${record.cloud_state}.`
    const cloud_words = record.evidence
    await timeline.record(scope, { subject_id: known.id, kind: record.state, sentence, cloud_words })
  }
  const linked = await grown(scope, await linkLate(scope, connection, changed, record), known, record)
  await afterwards(scope, linked, known)
  return linked
}

/** Agreements whose offer or authorization was not known when they came, and is now. */
export async function linkWaiting(scope: Scope, connection: Connected): Promise<Agreement[]> {
  const found: Agreement[] = []
  for (const waiting of await findUnlinked(scope, connection.id)) {
    const { cloud_offer_id: offer_id, cloud_authorization_id: authorization_id, role } = waiting
    const origin = await findOrigin(scope, connection, { offer_id, authorization_id, role })
    if (origin !== undefined) found.push(waiting)
  }
  // All are held before the first is changed, so that two who link the same ones cannot wait for each other.
  for (const { cloud_agreement_id } of found) await holdOn(scope, connection.id, cloud_agreement_id)
  const linked: Agreement[] = []
  for (const { id } of found) {
    const waiting = await find(scope, id)
    if (waiting === undefined) continue
    const after = await linkLate(scope, connection, waiting)
    if (after === waiting) continue
    await afterwards(scope, after, waiting)
    linked.push(after)
  }
  return linked
}

/** An old record says nothing of what was added since. */
async function grown(
  scope: Scope,
  now: Agreement,
  before: Agreement,
  record: AgreementRecord,
): Promise<Agreement> {
  return isOlder(before, record) ? now : amendByRecord(scope, now, record)
}

/** State and times: the cloud's newest word counts, and what is over stays over. */
function standing(known: Agreement, record: AgreementRecord): AgreementChange {
  const newer = !isOlder(known, record)
  const times = (['accepted_at', 'starts_at', 'ends_at'] as const).map((name) => [
    name,
    newer ? (record[name] ?? known[name]) : (known[name] ?? record[name]),
  ])
  return {
    ...Object.fromEntries(times),
    ...(newer && record.updated_at !== null ? { cloud_updated_at: record.updated_at } : {}),
    ...(succeeds(known, record, newer) ? { state: record.state, cloud_state: record.cloud_state } : {}),
  }
}

function isOlder(known: Agreement, record: AgreementRecord): boolean {
  if (known.cloud_updated_at === null) return false
  return record.updated_at === null || record.updated_at < known.cloud_updated_at
}

/** Whether the state a record tells takes the place of the known one. */
function succeeds(known: Agreement, record: AgreementRecord, newer: boolean): boolean {
  if (record.state === 'unknown') return false
  if (known.state === 'unknown') return true
  return isOver(known.state) === isOver(record.state) ? newer : isOver(record.state)
}

/** What an earlier answer did not tell and this one does; nothing that is known is forgotten. */
function kept(hinted: Hinted, record: AgreementRecord): AgreementChange {
  const license = hinted.license ?? record.license
  const cloud_product_id = hinted.product_id ?? record.product_id
  return {
    ...(license ? { license } : {}),
    ...(record.plan ? { plan: record.plan } : {}),
    ...(hinted.product_code ? { product_code: hinted.product_code } : {}),
    ...(cloud_product_id ? { cloud_product_id } : {}),
  }
}

async function accept(
  scope: Scope,
  connection: Connected,
  record: AgreementRecord,
  hinted: Hinted,
): Promise<Agreement> {
  const links = await linksOf(scope, connection, record)
  const made = await insert(scope, {
    id: scope.id('agreement'),
    connection_id: connection.id,
    cloud: connection.cloud,
    cloud_agreement_id: record.agreement_id,
    cloud_offer_id: record.offer_id,
    cloud_authorization_id: record.authorization_id,
    cloud_product_id: hinted.product_id ?? record.product_id,
    product_code: hinted.product_code ?? null,
    license: hinted.license ?? record.license ?? null,
    plan: record.plan ?? null,
    ...links,
    role: record.role,
    state: record.state,
    cloud_state: record.cloud_state,
    buyer_account_id: record.buyer_account_id,
    seller_account_id: record.seller_account_id,
    currency: links.terms.currency,
    accepted_at: record.accepted_at,
    starts_at: record.starts_at,
    ends_at: record.ends_at,
    ended_at: isOver(record.state) ? (record.updated_at ?? scope.now()) : null,
    signed_up_at: null,
    evidence: record.evidence,
    cloud_updated_at: record.updated_at,
  })
  await tellAccepted(scope, made, made.id, record.evidence)
  await tellOrigin(scope, made, record.evidence)
  await book(scope, made)
  await afterwards(scope, made)
  return made
}

/**
 * Where a new agreement belongs. One that the buyer has of the same offer already is that one renewed: then the offer's
 * dates are over, and the terms are what the cloud tells.
 */
async function linksOf(scope: Scope, connection: Connected, record: AgreementRecord): Promise<Links> {
  const origin = await findOrigin(scope, connection, record)
  if (origin === undefined) return unlinked(record)
  const told = termsOf(record)
  const before = origin.offer_id === null ? undefined : await findEarlier(scope, origin.offer_id, record)
  if (before === undefined || hasNoTerms({ terms: told })) return withChoice(origin, offers.choiceIn(told))
  return { ...origin, replaces_agreement_id: before.id, terms: told }
}

/** A link once found stays; one that is found only now brings its terms along, or the cloud's where there were none. */
async function linkLate(
  scope: Scope,
  connection: Connected,
  known: Agreement,
  record?: AgreementRecord,
): Promise<Agreement> {
  if (known.offer_id !== null || known.authorization_id !== null) return chooseLate(scope, known, record)
  const { cloud_offer_id: offer_id, cloud_authorization_id: authorization_id, role } = known
  const origin = await findOrigin(scope, connection, { offer_id, authorization_id, role })
  const links: Links | undefined = origin ?? (record && hasNoTerms(known) ? unlinked(record) : undefined)
  if (links === undefined) return known
  const choice = offers.choiceIn(record === undefined ? known.terms : termsOf(record))
  const settled = withChoice(links, choice)
  const linked = await update(scope, known.id, { ...settled, currency: settled.terms.currency })
  await book(scope, linked, known)
  if (origin !== undefined) await tellOrigin(scope, linked, record?.evidence)
  return linked
}

/** What the buyer chose, told only now. */
async function chooseLate(scope: Scope, known: Agreement, record?: AgreementRecord): Promise<Agreement> {
  if (known.terms.kind !== 'configurable' || record === undefined) return known
  return choose(scope, known, offers.choiceIn(termsOf(record)))
}

function hasNoTerms({ terms }: Pick<Agreement, 'terms'>): boolean {
  return terms.kind === 'usage' && Object.keys(terms.usage_prices).length === 0
}

/** The offer and the authorization hear that the buyer accepted. */
async function tellOrigin(scope: Scope, agreement: Agreement, evidence: unknown): Promise<void> {
  const { offer_id, authorization_id } = agreement
  if (offer_id !== null) await offers.updateOffer(scope, offer_id, { state: 'accepted' })
  for (const subject_id of [offer_id, authorization_id]) {
    if (subject_id !== null) await tellAccepted(scope, agreement, subject_id, evidence)
  }
}

async function tellAccepted(
  scope: Scope,
  agreement: Agreement,
  subject_id: string,
  cloud_words: unknown,
): Promise<void> {
  const { buyer_account_id, cloud_agreement_id, accepted_at } = agreement
  const sentence = `The buyer ${buyer_account_id} accepted; the cloud calls the agreement ${cloud_agreement_id}.`
  const occurred_at = accepted_at ?? scope.now()
  await timeline.record(scope, { subject_id, kind: 'accepted', sentence, occurred_at, cloud_words })
}

/** A new or changed agreement may explain lines that waited for it, end its last hour, and free records for sending. */
async function afterwards(scope: Scope, agreement: Agreement, before?: Agreement): Promise<void> {
  await schedule(scope, { kind: 'settlement.match', key: scope.organisation_id })
  if (before === undefined) return
  const moved =
    before.ended_at?.getTime() !== agreement.ended_at?.getTime() ||
    before.ends_at?.getTime() !== agreement.ends_at?.getTime()
  if (moved) await schedule(scope, { kind: 'metering.close', key: agreement.id })
  if (before.license !== agreement.license || before.state !== agreement.state)
    await schedule(scope, { kind: 'metering.batch', key: agreement.connection_id })
}
