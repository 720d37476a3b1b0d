/** Private offers through the Commerce Producer API. */
import type { LocalDate } from '../../src/core/time.ts'
import type { Change, Connection, OfferDraft, OfferRules, Offers } from '../connector.ts'
import type { Gcp } from './clients.ts'
import { isFaultOf } from './faults.ts'
import { draftProblems, fromGcpOffer, lastDayOf, toDeadline, toGcpOffer } from './map.ts'
import { findGround } from './selling/offer-ground.ts'
import {
  advanceOffer,
  ensureDocument,
  findByNote,
  madeId,
  noteOf,
  readPrivateOffer,
  referenceOf,
  refusal,
} from './selling/offer-stages.ts'
import { type OfferOptions, optionShapes, readOptions } from './selling/options.ts'
import { startOfPacificDate } from './wire/dates.ts'
import { offerName, parentOf } from './wire/names.ts'
import type { PrivateOffer } from './wire/producer-replies.ts'

const offerRules: OfferRules = {
  kinds: ['contract', 'usage', 'contract_with_consumption'],
  opened_kinds: ['contract', 'usage', 'contract_with_consumption'],
  rates_max: 0,
  trials_are_public: true,
  trial_days_max: 0,
  opens_without_end: false,
  replaces: false,
  instalments_max: 84,
  buyers_max: 1,
  name_max: 256,
  currencies: ['USD'],
  usage_currencies: ['USD'],
  usage_price_digits: 9,
  buyer_account_pattern: '^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$',
  buyer_account_form: 'three groups of six digits or letters from A to F, with dashes between them',
  duration_months_max: 84,
  instalments_before_expiry_max: 1,
  opened_instalments_before_expiry_max: 1,
  source:
    'The public definition of the Commerce Producer API v1beta (title, buyer, currency, no instalment before the deadline, seven years with renewals) and google.type.Money (nine digits), read in 2026. Dates are days in America/Los_Angeles, and the last day lies at most three months ahead; one instalment a month is a setting of ours.',
}

export function gcpOffers(gcp: Gcp): Offers {
  return {
    rules: offerRules,
    resolution: 'search_marker',
    async create(connection, draft, key) {
      const read = readOptions(optionShapes.offer, draft.options)
      const problems = read.ok ? draftProblems(draft, read.options) : read.problems
      if (!read.ok || problems.length > 0) return { status: 'failed', problems, evidence: {} }
      return createDraft(gcp, connection, draft, read.options, key)
    },
    expire: (connection, offer_id, expires_on) => expireOffer(gcp, connection, offer_id, expires_on),
    async check(connection, reference) {
      try {
        return await advanceOffer(gcp, connection, reference)
      } catch (error) {
        if (!isFaultOf(error, 'not_found')) throw error
        const message = 'The draft is no longer at Google: somebody deleted it.'
        return {
          status: 'failed',
          reference,
          problems: [{ code: 'DRAFT_GONE', message }],
          evidence: gcp.evidence({ reference }, error.evidence),
        }
      }
    },
    async read(connection, offer_id) {
      const found = await readOrUndefined(gcp, connection, offer_id)
      if (found === undefined) return undefined
      const evidence = gcp.evidence({ name: offerName(connection, offer_id) }, found)
      return { ...fromGcpOffer(found, gcp.parts.clocks.business.now()), evidence }
    },
  }
}

/** The first stage: the draft with its document. What an earlier attempt made is found by its note and used. */
async function createDraft(
  gcp: Gcp,
  connection: Connection,
  draft: OfferDraft,
  options: OfferOptions,
  key: string,
): Promise<Change> {
  const note = await noteOf(draft, key)
  const found = await findByNote(gcp, connection, note)
  if (found !== undefined && found.state !== 'DRAFT') {
    return advanceOffer(gcp, connection, referenceOf('wait', madeId(found)))
  }
  let offer: PrivateOffer
  let request: unknown = { found_by_note: note }
  if (found === undefined) {
    const ground = await findGround(gcp, connection, draft, options, note)
    if (!ground.ok) return { status: 'failed', problems: ground.problems, evidence: {} }
    const privateOffer = toGcpOffer(draft, options, ground.ground)
    request = { parent: parentOf(connection), privateOffer }
    try {
      offer = await gcp.producer(connection, 'CreatePrivateOffer', (client, call) =>
        client('createPrivateOffer', { parent: parentOf(connection), privateOffer }, call),
      )
    } catch (error) {
      const refused = refusal(gcp, error, request)
      if (refused === undefined) throw error
      return refused
    }
  } else offer = found
  const offer_id = madeId(offer)
  await ensureDocument(gcp, connection, offer_id, draft.eula === 'standard' ? undefined : options.eula_pdf)
  const reference = referenceOf('validate', offer_id)
  return { status: 'accepted', reference, evidence: gcp.evidence(request, offer) }
}

/**
 * Google lets the last day be moved ahead only. A day that has passed withdraws the offer; a day between today and the
 * present deadline cannot be had.
 */
async function expireOffer(
  gcp: Gcp,
  connection: Connection,
  offer_id: string,
  expires_on: LocalDate,
): Promise<Change> {
  const name = offerName(connection, offer_id)
  const offer = await readPrivateOffer(gcp, connection, offer_id)
  const now = gcp.parts.clocks.business.now()
  const deadline = toDeadline(expires_on)
  const withdraw = startOfPacificDate(dayOf(deadline)) <= now
  const target = { offer_id }
  const done = (sent: unknown, received: unknown): Change => ({
    status: 'succeeded',
    target,
    evidence: gcp.evidence(sent, received),
  })
  const fail = (code: string, message: string): Change => ({
    status: 'failed',
    problems: [{ code, message, field: 'expires_on', plain: message }],
    evidence: gcp.evidence({ name, expires_on }, offer),
  })
  if (offer.state === 'CANCELLED' || offer.state === 'EXPIRED') {
    return withdraw
      ? done({ name }, offer)
      : fail('OFFER_IS_OVER', 'The offer is over and cannot be opened again.')
  }
  if (offer.state === 'ACCEPTED' || offer.state === 'ENDED') {
    return fail('OFFER_ACCEPTED', 'The buyer accepted the offer, so its last day cannot be changed.')
  }
  if (withdraw) return withdrawOffer(gcp, connection, name, offer, done)
  const present = lastDayOf(offer)
  if (present === expires_on) return done({ name }, offer)
  if (present !== null && expires_on < present && offer.state !== 'DRAFT') {
    return fail(
      'DEADLINE_ONLY_LATER',
      `Google moves the last day ahead only, and it is ${present} now. Withdraw the offer and make a new one.`,
    )
  }
  const request = {
    privateOffer: { name, acceptDeadlineTime: deadline },
    updateMask: 'accept_deadline_time',
  }
  return attempt(gcp, request, done, () =>
    gcp.producer(connection, 'UpdatePrivateOffer', (client, call) =>
      client('updatePrivateOffer', request, call),
    ),
  )
}

/** A draft goes without a trace, a published offer is cancelled. */
function withdrawOffer(
  gcp: Gcp,
  connection: Connection,
  name: string,
  offer: PrivateOffer,
  done: (sent: unknown, received: unknown) => Change,
): Promise<Change> {
  if (offer.state === 'DRAFT') {
    const request = { name, force: true }
    return attempt(gcp, request, done, () =>
      gcp.producer(connection, 'DeletePrivateOffer', (client, call) =>
        client('deletePrivateOffer', request, call),
      ),
    )
  }
  const request = { name, cancellationNote: 'Withdrawn by the seller.' }
  return attempt(gcp, request, done, () =>
    gcp.producer(connection, 'CancelPrivateOffer', (client, call) =>
      client('cancelPrivateOffer', request, call),
    ),
  )
}

function dayOf({ year, month, day }: { year: number; month: number; day: number }): LocalDate {
  const two = (part: number) => String(part).padStart(2, '0')
  return `${year}-${two(month)}-${two(day)}`
}

async function attempt(
  gcp: Gcp,
  request: unknown,
  done: (sent: unknown, received: unknown) => Change,
  send: () => Promise<unknown>,
): Promise<Change> {
  try {
    return done(request, await send())
  } catch (error) {
    const refused = refusal(gcp, error, request)
    if (refused === undefined) throw error
    return refused
  }
}

async function readOrUndefined(
  gcp: Gcp,
  connection: Connection,
  offer_id: string,
): Promise<PrivateOffer | undefined> {
  try {
    return await readPrivateOffer(gcp, connection, offer_id)
  } catch (error) {
    if (isFaultOf(error, 'not_found')) return undefined
    throw error
  }
}
