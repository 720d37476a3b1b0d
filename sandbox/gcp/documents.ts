import { GcpError, invalidField, notFound } from './errors.ts'
import type { JsonObject, OfferDocument, PrivateOffer } from './model.ts'
import { privateOfferName } from './names.ts'
import { documentShape } from './offer-shape.ts'
import { objectOf, textOf } from './offer-values.ts'
import { documentJson } from './offer-view.ts'
import { paged } from './paging.ts'
import { ownOffer, writableOffer, wrongOfferState } from './private-offers.ts'
import type { ProducerCall } from './producer.ts'
import { maskPaths, merge, read } from './shape.ts'
import type { World } from './world.ts'

const largest = 4 * 1024 * 1024

function find(offer: PrivateOffer, call: ProducerCall): OfferDocument {
  const found = offer.documents.find((document) => document.id === call.child)
  if (found) return found
  throw notFound(`${privateOfferName(call.provider, offer.id)}/documents/${call.child}`)
}

function draft(world: World, call: ProducerCall): PrivateOffer {
  const offer = writableOffer(world, call.provider, call.id)
  if (offer.state !== 'DRAFT') throw wrongOfferState(offer, 'DRAFT')
  return offer
}

/** One agreement and one statement of work at most; Google's own agreement brings no content. */
function checkDocument(offer: PrivateOffer, content: JsonObject, except: string): void {
  const type = textOf(content.documentType)
  const custom = type === 'CUSTOM_END_USER_LICENSE_AGREEMENT' || type === 'STATEMENT_OF_WORK'
  if (type.endsWith('_V1')) throw invalidField('document_type', 'the first version is no longer allowed')
  if (!custom && !type.endsWith('_V2')) throw invalidField('document_type', 'is required')
  const bytes = Buffer.from(textOf(content.inlineContent), 'base64')
  if (!custom && bytes.length > 0) throw invalidField('inline_content', 'must be unset for this document')
  if (custom && textOf(content.mimeType) !== 'application/pdf') {
    throw invalidField('mime_type', 'must be application/pdf')
  }
  if (custom && !bytes.subarray(0, 5).equals(Buffer.from('%PDF-'))) {
    throw invalidField('inline_content', 'must be a PDF')
  }
  if (bytes.length > largest) throw invalidField('inline_content', 'must not be larger than 4 MB')
  const kind = (document: JsonObject) => textOf(document.documentType) === 'STATEMENT_OF_WORK'
  const taken = offer.documents.some((other) => other.id !== except && kind(other.content) === kind(content))
  if (taken) throw new GcpError('ALREADY_EXISTS', 'The offer has a document of this kind.', 'ALREADY_EXISTS')
}

function store(world: World, offer: PrivateOffer, documents: OfferDocument[]): void {
  world.offers.put(offer.id, { ...offer, documents, updated_at: world.clock.now() })
}

export function listDocuments(world: World, call: ProducerCall): JsonObject {
  const offer = ownOffer(world, call.provider, call.id)
  const { items, next } = paged(offer.documents, call.query, 500, 500)
  const shown = items.map((document) => documentJson(call.provider, offer, document, call.numbers))
  return { privateOfferDocuments: shown, ...next }
}

export function getDocument(world: World, call: ProducerCall): JsonObject {
  const offer = ownOffer(world, call.provider, call.id)
  return documentJson(call.provider, offer, find(offer, call), call.numbers)
}

export function createDocument(world: World, call: ProducerCall): JsonObject {
  const offer = draft(world, call)
  const content = objectOf(read(documentShape, call.body))
  checkDocument(offer, content, '')
  const now = world.clock.now()
  const document = { id: world.random.uuid(), created_at: now, updated_at: now, content }
  store(world, offer, [...offer.documents, document])
  return documentJson(call.provider, offer, document, call.numbers)
}

export function patchDocument(world: World, call: ProducerCall): JsonObject {
  const offer = draft(world, call)
  const before = find(offer, call)
  const sent = objectOf(read(documentShape, call.body))
  const paths = maskPaths(call.query.get('updateMask') ?? call.query.get('update_mask') ?? '', sent)
  const content = merge(before.content, sent, paths, documentShape)
  checkDocument(offer, content, before.id)
  const after = { ...before, content, updated_at: world.clock.now() }
  store(
    world,
    offer,
    offer.documents.map((document) => (document === before ? after : document)),
  )
  return documentJson(call.provider, offer, after, call.numbers)
}

export function deleteDocument(world: World, call: ProducerCall): JsonObject {
  const offer = draft(world, call)
  const gone = find(offer, call)
  store(
    world,
    offer,
    offer.documents.filter((document) => document !== gone),
  )
  return {}
}
