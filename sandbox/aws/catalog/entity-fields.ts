import { endOfDate, isoSeconds } from '../../time.ts'
import type { Entity } from '../model.ts'
import { offerExtendedStatus } from '../selling/authorization-document.ts'
import { product as findProduct, type World } from '../world.ts'

// What ListEntities shows, filters and sorts by, for each entity type, as the published service model has it.

export type Fields = Record<string, string | string[] | null>

/** How one may filter by a field: by exact values, by a part of it, by a range of instants. */
export type Filterable = { values?: readonly string[] | true; wildcard?: true; range?: true }

type Kind = {
  fields: (world: World, entity: Entity) => Fields
  filters: Record<string, Filterable>
  sorts: string[]
}

const values: Filterable = { values: true }
const text: Filterable = { values: true, wildcard: true }
const range: Filterable = { range: true }
const draftOrReleased: Filterable = { values: ['Draft', 'Released'] }

const day = (date: string | undefined) => (date === undefined ? null : isoSeconds(endOfDate(date)))
const at = (time: number | undefined) => (time === undefined ? null : isoSeconds(time))

function productFields(_world: World, entity: Entity): Fields {
  if (entity.kind !== 'SaaSProduct') return {}
  return {
    ProductTitle: String(entity.information.ProductTitle ?? '') || null,
    Visibility: entity.visibility,
  }
}

function offerFields(_world: World, entity: Entity): Fields {
  if (entity.kind !== 'Offer') return {}
  const targeting = [
    ...(entity.buyer_accounts ? ['BuyerAccounts'] : []),
    ...(entity.country_codes ? ['CountryCodes'] : []),
  ]
  return {
    Name: entity.name ?? null,
    ProductId: entity.product_id,
    ResaleAuthorizationId: entity.resale_authorization_id ?? null,
    ReleaseDate: at(entity.released_at),
    AvailabilityEndDate: day(entity.availability_end_date),
    BuyerAccounts: entity.buyer_accounts ?? null,
    State: entity.state,
    Targeting: targeting.length > 0 ? targeting : ['None'],
    OfferSetId: entity.offer_set_id ?? null,
    TargetAgreementId: entity.replaces_agreement_id ?? null,
    TargetAgreementIntent: null,
    CreatedBySource: 'Seller',
  }
}

function authorizationFields(world: World, entity: Entity): Fields {
  if (entity.kind !== 'ResaleAuthorization') return {}
  const title = findProduct(world, entity.product_id)?.information.ProductTitle
  return {
    Name: entity.name,
    ProductId: entity.product_id,
    ProductName: String(title ?? '') || null,
    ManufacturerAccountId: entity.owner,
    ManufacturerLegalName: world.accounts.get(entity.owner)?.name ?? null,
    ResellerAccountID: entity.reseller,
    ResellerLegalName: world.accounts.get(entity.reseller)?.name ?? null,
    Status: entity.status,
    OfferExtendedStatus: offerExtendedStatus(entity),
    CreatedDate: isoSeconds(entity.created_at),
    AvailabilityEndDate: day(entity.availability_end_date),
    ResellerRole: entity.role,
    // Nobody can pass an authorization on here: it comes from the manufacturer itself.
    SourceAuthorization: null,
    IssuerAccountId: entity.owner,
  }
}

function offerSetFields(_world: World, entity: Entity): Fields {
  if (entity.kind !== 'OfferSet') return {}
  return {
    Name: entity.name,
    State: entity.state,
    ReleaseDate: at(entity.released_at),
    AssociatedOfferIds: entity.offer_ids,
    SolutionId: entity.solution_id ?? null,
  }
}

const common = { EntityId: values, LastModifiedDate: range }

/** Entity type → its fields. */
export const entityKinds: Record<string, Kind> = {
  SaaSProduct: {
    fields: productFields,
    filters: {
      ...common,
      ProductTitle: text,
      Visibility: { values: ['Limited', 'Public', 'Restricted', 'Draft'] },
    },
    sorts: ['EntityId', 'ProductTitle', 'Visibility', 'LastModifiedDate', 'DeliveryOptionTypes'],
  },
  Offer: {
    fields: offerFields,
    filters: {
      ...common,
      Name: text,
      ProductId: values,
      ResaleAuthorizationId: values,
      ReleaseDate: range,
      AvailabilityEndDate: range,
      BuyerAccounts: { wildcard: true },
      State: draftOrReleased,
      Targeting: { values: ['BuyerAccounts', 'ParticipatingPrograms', 'CountryCodes', 'None'] },
      OfferSetId: values,
      TargetAgreementId: values,
      TargetAgreementIntent: { values: ['Renew'] },
      CreatedBySource: { values: ['Seller', 'AwsMarketplace'] },
    },
    sorts: [
      'EntityId',
      'Name',
      'ProductId',
      'ResaleAuthorizationId',
      'ReleaseDate',
      'AvailabilityEndDate',
      'BuyerAccounts',
      'State',
      'Targeting',
      'LastModifiedDate',
      'OfferSetId',
      'TargetAgreementId',
      'TargetAgreementIntent',
      'CreatedBySource',
    ],
  },
  ResaleAuthorization: {
    fields: authorizationFields,
    filters: {
      ...common,
      Name: text,
      ProductId: text,
      CreatedDate: { values: true, range: true },
      AvailabilityEndDate: { values: true, range: true },
      ManufacturerAccountId: text,
      ProductName: text,
      ManufacturerLegalName: text,
      ResellerAccountID: text,
      ResellerLegalName: text,
      Status: { values: ['Draft', 'Active', 'Restricted'] },
      OfferExtendedStatus: values,
      ResellerRole: { values: ['ChannelPartner', 'Distributor'] },
      SourceAuthorization: values,
      IssuerAccountId: values,
    },
    sorts: [
      'EntityId',
      'Name',
      'ProductId',
      'ProductName',
      'ManufacturerAccountId',
      'ManufacturerLegalName',
      'ResellerAccountID',
      'ResellerLegalName',
      'Status',
      'OfferExtendedStatus',
      'CreatedDate',
      'AvailabilityEndDate',
      'LastModifiedDate',
      'ResellerRole',
      'SourceAuthorization',
      'IssuerAccountId',
    ],
  },
  OfferSet: {
    fields: offerSetFields,
    filters: {
      ...common,
      Name: values,
      State: draftOrReleased,
      ReleaseDate: range,
      AssociatedOfferIds: values,
      SolutionId: values,
    },
    sorts: ['Name', 'State', 'ReleaseDate', 'SolutionId', 'EntityId', 'LastModifiedDate'],
  },
  // The model knows the type but no summary, filters or order of its own.
  Solution: { fields: () => ({}), filters: {}, sorts: [] },
}

/** Entity types of the model that no account of the sandbox has anything of. */
export const emptyKinds = [
  'AmiProduct',
  'ContainerProduct',
  'DataProduct',
  'MachineLearningProduct',
  'ProcurementPolicy',
  'Experience',
  'Audience',
  'BrandingSettings',
  'Seller',
]
