import { createHash } from 'node:crypto'
import { day, second } from '../../time.ts'
import { catalogError } from '../errors.ts'
import { emitChangeSetEvent } from '../events/events.ts'
import type { Change, ChangeSet } from '../model.ts'
import { entityArn, opaque, type World } from '../world.ts'
import { applyChangeSet } from './apply-changes.ts'
import {
  checkTargets,
  creating,
  readChange,
  resolve,
  resolveText,
  type StartRequest,
} from './change-set-request.ts'
import { addTags } from './resources.ts'

/** How long a change set prepares, and how long it takes in all; AWS's own stamps lie around half a minute. */
export const preparingTime = 5 * second
export const changeSetTime = 30 * second

// The model: a change set can be described for sixty days.
const history = 60 * day

/** Change sets of an account that may be open at once, unless the limit is set; AWS does not publish its own. */
export const openChangeSetsLimit = { name: 'open_change_sets', fallback: 100 }

export function startChangeSet(world: World, account_id: string, request: StartRequest): ChangeSet {
  const fingerprint = createHash('sha256').update(JSON.stringify(request)).digest('hex')
  const replayed = replay(world, account_id, request.ClientRequestToken, fingerprint)
  if (replayed) return replayed
  checkQuota(world, account_id)
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
  if (request.ChangeSetTags) addTags(world, changeSetArn(changeSet), request.ChangeSetTags)
  request.ChangeSet.forEach(({ EntityTags }, index) => {
    const entity = changes[index]?.Entity
    if (!EntityTags || !entity?.Identifier) return
    addTags(world, entityArn(account_id, entity.Type.split('@')[0] ?? '', entity.Identifier), EntityTags)
  })
  world.schedule.plan(`apply/${changeSet.id}`, now + preparingTime, 'change_set_applying', changeSet.id)
  world.schedule.plan(`finish/${changeSet.id}`, now + changeSetTime, 'change_set_finished', changeSet.id)
  return changeSet
}

function checkQuota(world: World, account: string): void {
  const open = world.change_sets
    .all()
    .filter((changeSet) => changeSet.account_id === account && changeSet.ended_at === undefined).length
  if (open < (world.limits.get(openChangeSetsLimit.name) ?? openChangeSetsLimit.fallback)) return
  const message = 'The maximum number of open requests per account has been exceeded.'
  throw catalogError('ServiceQuotaExceededException', message)
}

/** False once the history no longer has it. */
export function isRemembered(world: World, changeSet: ChangeSet): boolean {
  return changeSet.ended_at === undefined || world.clock.now() - changeSet.started_at <= history
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
