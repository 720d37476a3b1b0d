/** The shape of one change and of the document it carries. */
import type { Tag } from '@aws-sdk/client-marketplace-catalog'

/** One change as the catalog takes it; Details are sent as a document. */
export type CatalogChange = {
  ChangeType: string
  ChangeName?: string
  Entity: { Type: string; Identifier?: string }
  DetailsDocument: CatalogDocument
  EntityTags?: Tag[]
}
export type CatalogDocument = { [name: string]: CatalogValue } | CatalogValue[]
export type CatalogValue =
  | string
  | number
  | boolean
  | null
  | CatalogValue[]
  | { [name: string]: CatalogValue }

/** Refers to what another change of the same set creates. */
export function created(changeName: string): string {
  return `$${changeName}.Entity.Identifier`
}

/** A change of the product, offer or authorization that the same set creates, or of one that exists. */
export function changeOf(type: string, identifier: string) {
  return (ChangeType: string, DetailsDocument: CatalogDocument): CatalogChange => ({
    ChangeType,
    Entity: { Type: type, Identifier: identifier },
    DetailsDocument,
  })
}

export function creation(
  ChangeType: string,
  ChangeName: string,
  Type: string,
  DetailsDocument: CatalogDocument,
): CatalogChange {
  return { ChangeType, ChangeName, Entity: { Type }, DetailsDocument }
}
