/** Offer sets: made empty, and released with their offers in one change set. Their rules: developer guide, offer sets. */
import type { OfferSetDraft, OfferSets } from '../../connector.ts'
import type { Aws } from '../clients.ts'
import { checkChangeSet, startChangeSet } from '../wire/changesets.ts'
import { type CatalogChange, changeOf, created, creation } from '../wire/documents.ts'

export function awsOfferSets(aws: Aws): OfferSets {
  return {
    rules: {
      offers_min: 2,
      offers_max: 7,
      name_max: 150,
      notes_max: 1000,
      one_per_product: true,
      source:
        'The AWS Marketplace developer guide on offer sets, read in 2026: two to seven released private offers of different products, in one currency, for the same buyers, until the same day. The lengths of name and notes are settings of ours.',
    },
    create: (connection, draft, key) =>
      startChangeSet(aws, connection, 'offer-set', key, toAwsOfferSet(draft)),
    release: (connection, { offer_set_id, offer_ids }, key) =>
      startChangeSet(aws, connection, 'release-set', key, toAwsRelease(offer_set_id, offer_ids)),
    check: (connection, reference) => checkChangeSet(aws, connection, reference),
  }
}

/**
 * The set alone: with two offers of nine changes each it would not fit into the twenty changes of one change set, and
 * each offer is then made, refused and made again by itself.
 */
export function toAwsOfferSet({ name, buyer_notes }: OfferSetDraft): CatalogChange[] {
  const set = changeOf('OfferSet@1.0', created('OfferSet'))
  return [
    creation('CreateOfferSet', 'OfferSet', 'OfferSet@1.0', { Name: name }),
    set('UpdateInformation', { BuyerNotes: buyer_notes }),
  ]
}

export function toAwsRelease(offer_set_id: string, offer_ids: readonly string[]): CatalogChange[] {
  const set = changeOf('OfferSet@1.0', offer_set_id)
  return [
    set('AssociateOffers', { Offers: offer_ids.map((OfferId) => ({ OfferId })) }),
    set('ReleaseOfferSet', {}),
  ]
}
