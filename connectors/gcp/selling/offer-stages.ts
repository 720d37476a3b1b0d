/**
 * The stages of a private offer behind one Change. The reference names the offer and the next stage, and each stage
 * can be taken twice: draft (find or make it, with its document), validate, publish, and wait for Google.
 */
import { sha256 } from '../../../src/core/canonical.ts'
import { Fault } from '../../../src/core/fault.ts'
import type { Change, Connection, OfferDraft } from '../../connector.ts'
import type { Gcp } from '../clients.ts'
import { isFaultOf, missing, problemsOf } from '../faults.ts'
import { lastOf, offerName, parentOf } from '../wire/names.ts'
import type { PrivateOffer } from '../wire/producer-replies.ts'
import type { DocumentInput } from '../wire/producer-requests.ts'

const PAGE_MAX = 500
const PAGES_MAX = 40
const MARK_CHARACTERS = 16

export type Stage = 'validate' | 'publish' | 'wait'

export function referenceOf(stage: Stage, offer_id: string): string {
  return `${stage}:${offer_id}`
}

function readReference(reference: string): { stage: Stage; offer_id: string } {
  const [stage, offer_id] = reference.split(/:(.*)/s)
  if ((stage !== 'validate' && stage !== 'publish' && stage !== 'wait') || !offer_id) {
    throw new Fault('invalid', `"${reference}" is not a reference of a private offer`)
  }
  return { stage, offer_id }
}

/** What is written into the internal note: our marker, and the key of the operation, so that each finds its own. */
export async function noteOf(draft: Pick<OfferDraft, 'marker'>, key: string): Promise<string> {
  return `syndic ${draft.marker} ${(await sha256(`offer:${key}`)).slice(0, MARK_CHARACTERS)}`
}

/**
 * Google has no key against doubles, so the note is searched for before an offer is made. A request that was lost may
 * have made a second draft since: what was published under the note counts before any draft, and the oldest of drafts.
 */
export async function findByNote(
  gcp: Gcp,
  connection: Connection,
  note: string,
): Promise<PrivateOffer | undefined> {
  let pageToken: string | undefined
  let draft: PrivateOffer | undefined
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const request = {
      parent: parentOf(connection),
      pageSize: PAGE_MAX,
      orderBy: 'update_time desc',
      ...(pageToken === undefined ? {} : { pageToken }),
    }
    const answer = await gcp.producer(connection, 'ListPrivateOffers', (client, options) =>
      client('listPrivateOffers', request, options),
    )
    const found = (answer.privateOffers ?? []).filter((offer) =>
      offer.internalNote?.split('\n').includes(note),
    )
    const made = found.find(({ state }) => state !== 'DRAFT')
    if (made !== undefined) return made
    draft = found.at(-1) ?? draft
    pageToken = answer.nextPageToken ?? undefined
    if (!pageToken) return draft
  }
  return draft
}

export async function readPrivateOffer(
  gcp: Gcp,
  connection: Connection,
  offer_id: string,
): Promise<PrivateOffer> {
  const name = offerName(connection, offer_id)
  return gcp.producer(connection, 'GetPrivateOffer', (client, options) =>
    client('getPrivateOffer', { name, view: 'FULL' }, options),
  )
}

/** Adds the agreement that the buyer signs, unless the draft has one. */
export async function ensureDocument(
  gcp: Gcp,
  connection: Connection,
  offer_id: string,
  eula_pdf: string | undefined,
): Promise<void> {
  const parent = offerName(connection, offer_id)
  const answer = await gcp.producer(connection, 'ListPrivateOfferDocuments', (client, options) =>
    client('listPrivateOfferDocuments', { parent }, options),
  )
  if ((answer.privateOfferDocuments ?? []).length > 0) return
  const privateOfferDocument: DocumentInput =
    eula_pdf === undefined
      ? { documentType: 'STANDARD_END_USER_LICENSE_AGREEMENT_V2' }
      : {
          documentType: 'CUSTOM_END_USER_LICENSE_AGREEMENT',
          mimeType: 'application/pdf',
          inlineContent: eula_pdf,
        }
  await gcp.producer(connection, 'CreatePrivateOfferDocument', (client, options) =>
    client('createPrivateOfferDocument', { parent, privateOfferDocument }, options),
  )
}

/** Takes the next stage of an offer, as far as Google's answer leads. */
export async function advanceOffer(gcp: Gcp, connection: Connection, reference: string): Promise<Change> {
  const { stage, offer_id } = readReference(reference)
  const offer = await readPrivateOffer(gcp, connection, offer_id)
  if (offer.state !== 'DRAFT') return settled(gcp, offer, offer_id)
  // A draft at the last stage means that the publishing was lost on its way.
  return stage === 'validate' ? validate(gcp, connection, offer_id) : publish(gcp, connection, offer_id)
}

async function validate(gcp: Gcp, connection: Connection, offer_id: string): Promise<Change> {
  const request = { name: offerName(connection, offer_id), validateOnly: true }
  try {
    const answer = await gcp.producer(connection, 'PublishPrivateOffer', (client, options) =>
      client('publishPrivateOffer', request, options),
    )
    const reference = referenceOf('publish', offer_id)
    return { status: 'accepted', reference, evidence: gcp.evidence(request, answer) }
  } catch (error) {
    const refused = refusal(gcp, error, request, referenceOf('validate', offer_id))
    if (refused === undefined) throw error
    await dropDraft(gcp, connection, offer_id)
    return refused
  }
}

async function publish(gcp: Gcp, connection: Connection, offer_id: string): Promise<Change> {
  const request = { name: offerName(connection, offer_id) }
  try {
    const answer = await gcp.producer(connection, 'PublishPrivateOffer', (client, options) =>
      client('publishPrivateOffer', request, options),
    )
    return settled(gcp, answer, offer_id)
  } catch (error) {
    const refused = refusal(gcp, error, request, referenceOf('publish', offer_id))
    if (refused === undefined) throw error
    return refused
  }
}

/** What Google's checks find is an expected refusal and a value; every other failure stays a fault. */
export function refusal(
  gcp: Gcp,
  error: unknown,
  request: unknown,
  reference?: string,
): Extract<Change, { status: 'failed' }> | undefined {
  if (!isFaultOf(error, 'invalid', 'conflict')) return undefined
  return {
    status: 'failed',
    problems: problemsOf(error),
    ...(reference === undefined ? {} : { reference }),
    evidence: gcp.evidence(request, error.evidence),
  }
}

/** A draft that cannot be published is taken away; if that fails too, it stays a draft that nobody sees. */
async function dropDraft(gcp: Gcp, connection: Connection, offer_id: string): Promise<void> {
  try {
    await gcp.producer(connection, 'DeletePrivateOffer', (client, options) =>
      client('deletePrivateOffer', { name: offerName(connection, offer_id), force: true }, options),
    )
  } catch (error) {
    if (!(error instanceof Fault)) throw error
  }
}

/** How far an offer came that is no draft any more. */
function settled(gcp: Gcp, offer: PrivateOffer, offer_id: string): Change {
  const reference = referenceOf('wait', offer_id)
  const evidence = gcp.evidence({ offer_id }, offer)
  switch (offer.state) {
    // A review by Google may lie between.
    case 'PUBLISHING':
      return { status: 'accepted', reference, evidence }
    case 'PUBLISHED':
    case 'ACCEPTED':
    case 'ENDED':
      return { status: 'succeeded', reference, target: { offer_id }, evidence }
    case 'CANCELLED':
    case 'EXPIRED': {
      const message = `The offer is ${offer.state.toLowerCase()}${offer.cancellationNote ? `: ${offer.cancellationNote}` : ''}.`
      return { status: 'failed', reference, problems: [{ code: offer.state, message }], evidence }
    }
    default:
      throw missing('GetPrivateOffer', 'state that we know', offer)
  }
}

/** The id of an offer that was just made. */
export function madeId(offer: PrivateOffer): string {
  const id = lastOf(offer.name)
  if (id === '') throw missing('CreatePrivateOffer', 'name', offer)
  return id
}
