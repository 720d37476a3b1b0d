import { createHash } from 'node:crypto'
import { second } from '../time.ts'
import { applyChangeSet } from './apply-changes.ts'
import { changeSchemas } from './change-schemas.ts'
import { catalogError } from './errors.ts'
import { emitChangeSetEvent } from './events.ts'
import type { Change, ChangeSet, Json } from './model.ts'
import { entityArn, opaque, type World } from './world.ts'

/** How long a change set prepares, and how long it takes in all; AWS's own stamps lie around half a minute. */
export const preparingTime = 5 * second
export const changeSetTime = 30 * second

/** Change types that make their entity; every other one names an existing entity or a change that makes it. */
export const creating: Record<string, string> = {
  CreateProduct: 'prod',
  CreateOffer: 'offer',
  CreateReplacementOffer: 'offer',
  CreateOfferUsingResaleAuthorization: 'offer',
  CreateResaleAuthorization: 'resaleauthz',
}

export type StartRequest = {
  ChangeSet: {
    ChangeType: string
    Entity: { Type: string; Identifier?: string | undefined }
    Details?: string | undefined
    DetailsDocument?: Json | undefined
    ChangeName?: string | undefined
  }[]
  ChangeSetName?: string | undefined
  ClientRequestToken?: string | undefined
}

const reference = /^\$([\w-]+)\.Entity\.Identifier$/

export function startChangeSet(world: World, account_id: string, request: StartRequest): ChangeSet {
  const fingerprint = createHash('sha256').update(JSON.stringify(request)).digest('hex')
  const replayed = replay(world, account_id, request.ClientRequestToken, fingerprint)
  if (replayed) return replayed
  const changes = request.ChangeSet.map((change, index) => readChange(change, index))
  const names = new Map(changes.flatMap((change) => (change.ChangeName ? [[change.ChangeName, change]] : [])))
  for (const change of changes) {
    const prefix = creating[change.ChangeType]
    if (prefix) change.Entity = { ...change.Entity, Identifier: world.id(prefix) }
  }
  for (const change of changes) {
    change.Entity.Identifier = resolveText(change.Entity.Identifier ?? '', names).replace(/@\d+$/, '')
    change.Details = resolve(change.Details, names)
  }
  checkTargets(world, account_id, changes)
  const now = world.clock.now()
  const changeSet: ChangeSet = {
    id: opaque(world, 25).toLowerCase(),
    account_id,
    name: request.ChangeSetName ?? `Submitted by ${account_id}`,
    token: request.ClientRequestToken,
    fingerprint,
    status: 'PREPARING',
    started_at: now,
    changes,
    entity_ids: [...new Set(changes.map((change) => change.Entity.Identifier ?? ''))],
  }
  world.change_sets.put(changeSet.id, changeSet)
  for (const id of changeSet.entity_ids) world.locks.put(id, changeSet.id)
  if (changeSet.token) world.change_set_tokens.put(`${account_id}/${changeSet.token}`, changeSet.id)
  world.schedule.plan(`apply/${changeSet.id}`, now + preparingTime, 'change_set_applying', changeSet.id)
  world.schedule.plan(`finish/${changeSet.id}`, now + changeSetTime, 'change_set_finished', changeSet.id)
  return changeSet
}

/** The same token with the same request is the same change set, for as long as the sandbox remembers it. */
function replay(
  world: World,
  account: string,
  token: string | undefined,
  fingerprint: string,
): ChangeSet | undefined {
  const id = token === undefined ? undefined : world.change_set_tokens.get(`${account}/${token}`)
  const found = id === undefined ? undefined : world.change_sets.get(id)
  if (found && found.fingerprint !== fingerprint) {
    throw catalogError(
      'ValidationException',
      'The ClientRequestToken was used before with a different request.',
    )
  }
  return found
}

function readChange(change: StartRequest['ChangeSet'][number], index: number): Change {
  const [kind = '', version] = change.Entity.Type.split('@')
  const schema = changeSchemas[kind]?.[change.ChangeType]
  const where = `change ${index + 1} (${change.ChangeType})`
  if (!changeSchemas[kind] || version !== '1.0') {
    throw catalogError(
      'ValidationException',
      `The entity type ${change.Entity.Type} of ${where} is not supported.`,
    )
  }
  if (!schema) {
    throw catalogError(
      'ValidationException',
      `The change type of ${where} is not valid for ${change.Entity.Type}.`,
    )
  }
  const details = readDetails(change, where)
  const checked = schema.safeParse(details)
  if (!checked.success) {
    const issues = checked.error.issues
      .map((issue) => `/${issue.path.join('/')}: ${issue.message}`)
      .join('; ')
    throw catalogError('ValidationException', `The details of ${where} are not valid: ${issues}`)
  }
  return {
    ChangeType: change.ChangeType,
    Entity: { ...change.Entity },
    Details: details,
    ChangeName: change.ChangeName,
    ErrorDetailList: [],
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
    throw catalogError('ValidationException', `The Details of ${where} are not JSON.`)
  }
}

function resolveText(text: string, names: Map<string, Change>): string {
  const name = reference.exec(text)?.[1]
  if (name === undefined) return text
  const identifier = names.get(name)?.Entity.Identifier
  if (identifier === undefined || !creating[names.get(name)?.ChangeType ?? '']) {
    throw catalogError('ValidationException', `The reference ${text} names no change that creates an entity.`)
  }
  return identifier
}

function resolve(value: Json, names: Map<string, Change>): Json {
  if (typeof value === 'string') return resolveText(value, names)
  if (Array.isArray(value)) return value.map((item) => resolve(item, names))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, names)]))
}

function checkTargets(world: World, account: string, changes: Change[]): void {
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
    const { ProductId } = (change.Details ?? {}) as { ProductId?: string }
    if (ProductId !== undefined && !created.has(ProductId)) checkOwned(world, account, ProductId)
  }
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

export function changeSetApplying(world: World, id: string): void {
  const changeSet = world.change_sets.get(id)
  if (changeSet?.status === 'PREPARING') world.change_sets.put(id, { ...changeSet, status: 'APPLYING' })
}

export function changeSetFinished(world: World, id: string): void {
  const changeSet = world.change_sets.get(id)
  if (changeSet?.status !== 'APPLYING') return
  const outcome = applyChangeSet(world, changeSet)
  finish(world, {
    ...changeSet,
    changes: outcome.changes,
    ...(outcome.failed
      ? {
          status: 'FAILED',
          failure_code: 'CLIENT_ERROR',
          failure_description: 'One or more changes were refused; see the ErrorDetailList of each change.',
        }
      : { status: 'SUCCEEDED' }),
  })
}

export function cancelChangeSet(world: World, changeSet: ChangeSet): void {
  if (changeSet.status !== 'PREPARING') {
    const message = `The change set ${changeSet.id} is ${changeSet.status} and can no longer be cancelled.`
    throw catalogError('ResourceInUseException', message)
  }
  world.schedule.cancel(`apply/${changeSet.id}`)
  world.schedule.cancel(`finish/${changeSet.id}`)
  finish(world, { ...changeSet, status: 'CANCELLED' })
}

function finish(world: World, changeSet: ChangeSet): void {
  const done = { ...changeSet, ended_at: world.clock.now() }
  world.change_sets.put(done.id, done)
  for (const id of done.entity_ids) if (world.locks.get(id) === done.id) world.locks.remove(id)
  emitChangeSetEvent(world, done)
}

/** The entity as it appears in a change: with its revision once there is one. */
export function shownIdentifier(world: World, changeSet: ChangeSet, change: Change): string | undefined {
  const id = change.Entity.Identifier
  if (id === undefined) return undefined
  const entity = world.entities.get(id)
  if (!entity) return creating[change.ChangeType] && changeSet.status !== 'SUCCEEDED' ? undefined : id
  return `${id}@${entity.revision}`
}

export function changeSetArn(changeSet: ChangeSet): string {
  return entityArn(changeSet.account_id, 'ChangeSet', changeSet.id)
}
