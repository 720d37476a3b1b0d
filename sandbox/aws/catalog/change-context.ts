import type { Change, Entity, ErrorDetail } from '../model.ts'
import type { World } from '../world.ts'

/** One change set being applied: copies of its entities, kept only when no change is refused. */
export type ApplyContext = {
  world: World
  account_id: string
  now: number
  /** Loads a copy to change; the same copy for the whole change set. */
  draft(id: string): Entity | undefined
  create(entity: Entity): void
  /** True when the running change set has a change of this type for this entity. */
  changing(id: string, changeType: string): boolean
}

export type ChangeOutcome = ErrorDetail[]

/** Applies one change whose references are resolved. `id` is the entity it is about. */
export type ChangeHandler<E extends Entity> = (
  context: ApplyContext,
  entity: E,
  details: Change['Details'],
) => ChangeOutcome

export function refuse(ErrorCode: string, ErrorMessage: string): ErrorDetail {
  return { ErrorCode, ErrorMessage }
}

/** Drops the fields a caller sent as null, which the catalog treats as not sent. */
export function withoutNulls<T>(value: T): T {
  return JSON.parse(JSON.stringify(value, (_key, item: unknown) => (item === null ? undefined : item))) as T
}
