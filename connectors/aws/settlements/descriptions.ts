/**
 * The ten data feeds that describe what billing and usage rows point at. Only the values named here are kept: addresses
 * of e-mail, postal codes, tax numbers and exemptions, opportunities and the wording of terms are not. Source: AWS's
 * public queries over the feeds and the feed pages of the seller guide (columns, keys, bi-temporal rule), 2026.
 */
import type { DescriptionKind, Descriptions, StatementItem } from '../../connector.ts'
import { fromAwsAgreementStatus, fromAwsEnd } from '../agreements/map-agreements.ts'
import { decimalAt, instantAt, optional, problem, type Row, required } from './rows.ts'

/** A description without its history, which is the same in every feed. */
type Told = {
  [Kind in DescriptionKind]: { kind: Kind; key: string; about: string; values: Descriptions[Kind] }
}[DescriptionKind]
type Feed = { columns: readonly string[]; read(row: Row): Told }

const history = ['valid_from', 'update_date', 'delete_date']

const account: Feed = {
  columns: ['account_id', 'aws_account_id', 'tax_legal_name', 'mailing_address_id'],
  read: (row) => ({
    kind: 'account',
    key: required(row, 'account_id'),
    about: optional(row, 'aws_account_id') ?? required(row, 'account_id'),
    values: { name: optional(row, 'tax_legal_name'), address: optional(row, 'mailing_address_id') },
  }),
}

const address: Feed = {
  columns: ['address_id', 'company_name', 'country_code', 'state_or_region', 'city'],
  read: (row) => ({
    kind: 'address',
    key: required(row, 'address_id'),
    about: required(row, 'address_id'),
    values: {
      company: optional(row, 'company_name'),
      country: optional(row, 'country_code'),
      region: optional(row, 'state_or_region'),
      city: optional(row, 'city'),
    },
  }),
}

const agreement: Feed = {
  columns: [
    'agreement_id',
    'offer_id',
    'proposer_account_id',
    'acceptor_account_id',
    'start_time',
    'end_time',
    'acceptance_time',
    'status',
  ],
  read(row) {
    const status = required(row, 'status')
    const instant = (column: string) => instantAt(row, column)?.toISOString() ?? null
    return {
      kind: 'agreement',
      key: required(row, 'agreement_id'),
      about: required(row, 'agreement_id'),
      values: {
        offer_id: optional(row, 'offer_id'),
        seller: optional(row, 'proposer_account_id'),
        buyer: optional(row, 'acceptor_account_id'),
        state: fromAwsAgreementStatus(status.toUpperCase()),
        cloud_state: status,
        accepted_at: instant('acceptance_time'),
        starts_at: instant('start_time'),
        ends_at: fromAwsEnd(instantAt(row, 'end_time') ?? undefined)?.toISOString() ?? null,
      },
    }
  },
}

const term: Feed = {
  columns: ['agreement_id', 'term_id', 'term_type'],
  read: (row) => ({
    kind: 'term',
    key: `${required(row, 'agreement_id')}/${required(row, 'term_id')}`,
    about: required(row, 'agreement_id'),
    values: { term: required(row, 'term_type') },
  }),
}

/** Revisions are numbers: as many digits each, so that they sort as text. */
const revisionOf = (row: Row) => (optional(row, 'offer_revision') ?? '').padStart(8, '0')
const offerKey = (row: Row) => `${required(row, 'offer_id')}/${revisionOf(row)}`

const offer: Feed = {
  columns: ['offer_id', 'offer_revision', 'name'],
  read: (row) => ({
    kind: 'offer',
    key: offerKey(row),
    about: required(row, 'offer_id'),
    values: { revision: revisionOf(row), name: optional(row, 'name') },
  }),
}

const offerProduct: Feed = {
  columns: ['offer_id', 'offer_revision', 'product_id'],
  read: (row) => ({
    kind: 'offer_product',
    key: `${offerKey(row)}/${required(row, 'product_id')}`,
    about: required(row, 'offer_id'),
    values: { revision: revisionOf(row), product_id: required(row, 'product_id') },
  }),
}

function targetOf(row: Row): string | null {
  const excluded = /^neg/i.test(optional(row, 'polarity') ?? '')
  return required(row, 'target_type') === 'BuyerAccounts' && !excluded ? optional(row, 'value') : null
}

const offerTarget: Feed = {
  columns: ['offer_target_id', 'offer_id', 'offer_revision', 'target_type', 'polarity', 'value'],
  read: (row) => ({
    kind: 'offer_target',
    key: `${offerKey(row)}/${required(row, 'offer_target_id')}`,
    about: required(row, 'offer_id'),
    values: { revision: revisionOf(row), account: targetOf(row) },
  }),
}

const product: Feed = {
  columns: ['product_id', 'manufacturer_account_id', 'title'],
  read: (row) => ({
    kind: 'product',
    key: required(row, 'product_id'),
    about: required(row, 'product_id'),
    values: { title: optional(row, 'title'), maker: optional(row, 'manufacturer_account_id') },
  }),
}

const alias: Feed = {
  columns: ['mapping_type', 'legacy_id', 'new_id'],
  read: (row) => ({
    kind: 'alias',
    key: `${required(row, 'mapping_type')}/${required(row, 'legacy_id')}`,
    about: required(row, 'legacy_id'),
    values: { id: required(row, 'new_id') },
  }),
}

const tax: Feed = {
  columns: [
    'tax_item_id',
    'invoice_id',
    'tax_type_code',
    'taxed_jurisdiction',
    'tax_jurisdiction_rate',
    'tax_amount',
    'tax_currency',
  ],
  read(row) {
    decimalAt(row, 'tax_amount')
    const rate = optional(row, 'tax_jurisdiction_rate')
    if (rate !== null) decimalAt(row, 'tax_jurisdiction_rate')
    return {
      kind: 'tax',
      key: required(row, 'tax_item_id'),
      about: required(row, 'invoice_id'),
      values: {
        reference: optional(row, 'transaction_reference_id'),
        amount: required(row, 'tax_amount'),
        currency: required(row, 'tax_currency'),
        rate,
        type: optional(row, 'tax_type_code'),
        level: optional(row, 'jurisdiction_level'),
        jurisdiction: optional(row, 'taxed_jurisdiction'),
        country: optional(row, 'taxed_customer_country'),
        region: optional(row, 'taxed_customer_state_or_region'),
        liable: optional(row, 'tax_liable_party'),
        reason: optional(row, 'tax_calculation_reason_code'),
      },
    }
  },
}

type Reader = { columns: readonly string[]; read(row: Row): StatementItem }

const readerOf = ({ columns, read }: Feed): Reader => ({
  columns: [...history, ...columns],
  read: (row) => ({
    is: 'description',
    description: { ...historyOf(row), ...read(row) },
    owner: optional(row, 'recipient_account_id'),
  }),
})

function historyOf(row: Row): { valid_from: Date; version: string; deleted: boolean } {
  const told = (column: string) => {
    const instant = instantAt(row, column)
    if (instant !== null) return instant
    throw problem(row.number, column, 'There is no value', 'Fetch the file again.')
  }
  return {
    valid_from: told('valid_from'),
    version: told('update_date').toISOString(),
    deleted: optional(row, 'delete_date') !== null,
  }
}

/** How each of these feeds is read. */
export const describingFeeds: Readonly<Record<string, Reader>> = {
  'aws.accountfeed_v1': readerOf(account),
  'aws.addressfeed_v1': readerOf(address),
  'aws.agreementfeed_v1': readerOf(agreement),
  'aws.agreementtermfeed_v1': readerOf(term),
  'aws.legacyidmappingfeed_v1': readerOf(alias),
  'aws.offerfeed_v1': readerOf(offer),
  'aws.offerproductfeed_v1': readerOf(offerProduct),
  'aws.offertargetfeed_v1': readerOf(offerTarget),
  'aws.productfeed_v1': readerOf(product),
  'aws.taxitemfeed_v1': readerOf(tax),
}
