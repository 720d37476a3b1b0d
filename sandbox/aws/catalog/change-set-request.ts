import { catalogError } from '../errors.ts'
import type { Change, Json } from '../model.ts'
import type { World } from '../world.ts'
import { changeSchemas } from './change-schemas.ts'

// What StartChangeSet asks of a request before it becomes a change set.

/** Change types that make their entity; every other one names an existing entity or a change that makes it. */
export const creating: Record<string, string> = {
  CreateProduct: 'prod',
  CreateOffer: 'offer',
  CreateReplacementOffer: 'offer',
  CreateOfferUsingResaleAuthorization: 'offer',
  CreateReplacementOfferUsingResaleAuthorization: 'offer',
  CreateResaleAuthorization: 'resaleauthz',
  CreateOfferSet: 'offerset',
  CreateSolution: 'soln',
}

type Tag = { Key: string; Value: string }

export type StartRequest = {
  ChangeSet: {
    ChangeType: string
    Entity: { Type: string; Identifier?: string | undefined }
    Details?: string | undefined
    DetailsDocument?: Json | undefined
    ChangeName?: string | undefined
    EntityTags?: Tag[] | undefined
  }[]
  ChangeSetTags?: Tag[] | undefined
  ChangeSetName?: string | undefined
  ClientRequestToken?: string | undefined
}

const reference = /^\$([\w-]+)\.Entity\.Identifier$/

export function readChange(change: StartRequest['ChangeSet'][number], index: number): Change {
  const [kind = '', version] = change.Entity.Type.split('@')
  const schema = changeSchemas[kind]?.[change.ChangeType]
  const where = `change ${index + 1} (${change.ChangeType})`
  const about = aboutChange(change)
  if (!changeSchemas[kind] || version !== '1.0') {
    const Message = `The entity type ${change.Entity.Type} of ${where} is not supported.`
    throw catalogError('ValidationException', Message, [{ Reason: 'UnknownOperation', ...about, Message }])
  }
  if (!schema) {
    const Message = `The change type of ${where} is not valid for ${change.Entity.Type}.`
    throw catalogError('ValidationException', Message, [{ Reason: 'UnknownOperation', ...about, Message }])
  }
  const details = readDetails(change, where)
  const checked = schema.safeParse(details)
  if (!checked.success) {
    const { issues } = checked.error
    const words = issues.map((issue) => `/${issue.path.join('/')}: ${issue.message}`).join('; ')
    throw catalogError(
      'ValidationException',
      `The details of ${where} are not valid: ${words}`,
      issues.slice(0, 20).map((issue) => ({
        Reason: 'FieldValidationFailed',
        ...about,
        // The model's pattern of a field name has no brackets and is never empty.
        Field: issue.path.join('/').replace(/[^a-zA-Z0-9\-_./]/g, '_') || '/',
        Message: issue.message,
      })),
    )
  }
  return {
    ChangeType: change.ChangeType,
    Entity: { ...change.Entity },
    Details: details,
    ChangeName: change.ChangeName,
    ErrorDetailList: [],
  }
}

function aboutChange({ ChangeType, Entity }: StartRequest['ChangeSet'][number]) {
  // The model has these without the version and the revision behind them.
  const id = (Entity.Identifier ?? '').replace(/@.*$/, '')
  return {
    ChangeType,
    EntityType: Entity.Type.replace(/@.*$/, ''),
    ...(/^[a-zA-Z0-9]/.test(id) ? { EntityId: id } : {}),
  }
}

function readDetails(change: StartRequest['ChangeSet'][number], where: string): Json {
  if ((change.Details === undefined) === (change.DetailsDocument === undefined)) {
    throw catalogError('ValidationException', `Give Details or DetailsDocument, not both, for ${where}.`)
  }
  if (change.Details === undefined) return change.DetailsDocument ?? null
  try {
    return JSON.parse(change.Details) as Json
  } catch {
    const Message = `The Details of ${where} are not JSON.`
    const field = { Reason: 'CannotParse' as const, ...aboutChange(change), Field: 'Details', Message }
    throw catalogError('ValidationException', Message, [field])
  }
}

export function resolveText(text: string, names: Map<string, Change>): string {
  const name = reference.exec(text)?.[1]
  if (name === undefined) return text
  const identifier = names.get(name)?.Entity.Identifier
  if (identifier === undefined || !creating[names.get(name)?.ChangeType ?? '']) {
    throw catalogError('ValidationException', `The reference ${text} names no change that creates an entity.`)
  }
  return identifier
}

export function resolve(value: Json, names: Map<string, Change>): Json {
  if (typeof value === 'string') return resolveText(value, names)
  if (Array.isArray(value)) return value.map((item) => resolve(item, names))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, names)]))
}

export function checkTargets(world: World, account: string, changes: Change[]): void {
  const seen = new Set<string>()
  const created = new Set(
    changes.filter((change) => creating[change.ChangeType]).map((change) => change.Entity.Identifier),
  )
  for (const change of changes) {
    const id = change.Entity.Identifier ?? ''
    const key = `${id} ${change.ChangeType}`
    if (seen.has(key)) {
      throw catalogError(
        'ValidationException',
        `${change.ChangeType} appears more than once for the entity ${id}.`,
      )
    }
    seen.add(key)
    if (!created.has(id)) checkExisting(world, account, id, change)
    checkNamed(world, account, change, created)
  }
}

/** What the details name must exist, and a product to be resold must be out of its draft. */
function checkNamed(world: World, account: string, change: Change, created: Set<string | undefined>): void {
  if (Array.isArray(change.Details)) return
  const { ProductId, OfferSetId, AgreementId } = (change.Details ?? {}) as {
    ProductId?: string
    OfferSetId?: string | null
    AgreementId?: string
  }
  if (ProductId !== undefined && !created.has(ProductId)) {
    const product = checkOwned(world, account, ProductId)
    const isDraft = product.kind === 'SaaSProduct' && product.visibility === 'Draft'
    if (isDraft && change.ChangeType === 'CreateResaleAuthorization') {
      throw catalogError('ResourceNotFoundException', `The product ${ProductId} is still a draft.`)
    }
  }
  if (OfferSetId && !created.has(OfferSetId)) checkOwned(world, account, OfferSetId)
  if (change.ChangeType !== 'CreateReplacementOfferUsingResaleAuthorization') return
  const agreement = world.agreements.get(AgreementId ?? '')
  if (agreement?.proposer === account && agreement.status === 'ACTIVE') return
  const message = `The agreement ${AgreementId} is not an active agreement of this account.`
  throw catalogError('ValidationException', message)
}

function checkExisting(world: World, account: string, id: string, change: Change): void {
  if (id === '') {
    throw catalogError('ValidationException', `${change.ChangeType} needs an Entity.Identifier.`)
  }
  const entity = checkOwned(world, account, id)
  if (entity.kind !== change.Entity.Type.split('@')[0]) {
    throw catalogError('ValidationException', `The entity ${id} is no ${change.Entity.Type}.`)
  }
  const holder = world.locks.get(id)
  if (holder) {
    throw catalogError('ResourceInUseException', `The entity ${id} is locked by the change set ${holder}.`)
  }
}

function checkOwned(world: World, account: string, id: string) {
  const entity = world.entities.get(id)
  if (!entity) throw catalogError('ResourceNotFoundException', `The entity ${id} does not exist.`)
  if (entity.owner !== account) {
    throw catalogError('AccessDeniedException', `The entity ${id} does not belong to the account ${account}.`)
  }
  return entity
}
