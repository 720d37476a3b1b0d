import { ingestionError } from './errors.ts'
import type { IngestionError, JsonObject, PrivateOffer, Resource } from './model.ts'
import { externalId, object, text, type World } from './world.ts'

// A configure job applies whole or not at all: everything is staged first, and put only when nothing is wrong.

export type Stage = {
  world: World
  owner: string
  /** Names given inside this request, and the durable ids they stand for. */
  names: Map<string, string>
  resources: Map<string, Resource | 'deleted'>
  offers: Map<string, PrivateOffer>
  detail: JsonObject[]
  errors: IngestionError[]
}

export function newStage(world: World, owner: string): Stage {
  return { world, owner, names: new Map(), resources: new Map(), offers: new Map(), detail: [], errors: [] }
}

export function refuse(stage: Stage, code: string, message: string, resourceId?: string): undefined {
  stage.errors.push(ingestionError(code, message, resourceId))
  return undefined
}

export function staged(stage: Stage, id: string): Resource | undefined {
  const found = stage.resources.get(id) ?? stage.world.resources.get(id)
  return found === 'deleted' ? undefined : found
}

/** Every resource as it would be after the job. */
export function allStaged(stage: Stage): Resource[] {
  const merged = new Map<string, Resource | 'deleted'>(stage.world.resources.entries())
  for (const [id, resource] of stage.resources) merged.set(id, resource)
  return [...merged.values()].filter((resource) => resource !== 'deleted')
}

/** A reference is a durable id, an external id of a product or plan, or a name from the same request. */
export function reference(stage: Stage, value: unknown, type: string, product = ''): string | undefined {
  if (typeof value === 'string') return staged(stage, value)?.owner === stage.owner ? value : undefined
  const { resourceName, externalId: wanted } = object(value)
  if (typeof resourceName === 'string') return stage.names.get(resourceName)
  if (typeof wanted !== 'string') return undefined
  return allStaged(stage).find(
    (resource) =>
      resource.type === type &&
      resource.owner === stage.owner &&
      (product === '' || resource.product === product) &&
      externalId(resource.draft) === wanted,
  )?.id
}

/** `https://schema.mp.microsoft.com/schema/plan/2022-03-01-preview3` is a plan. */
export function typeOf(document: JsonObject): string {
  return /\/schema\/([a-z0-9-]+)\/[\w.-]+$/.exec(text(document.$schema))?.[1] ?? ''
}

export function commitStage(stage: Stage): void {
  for (const [id, resource] of stage.resources) {
    if (resource === 'deleted') stage.world.resources.remove(id)
    else stage.world.resources.put(id, resource)
  }
  for (const [id, offer] of stage.offers) stage.world.private_offers.put(id, offer)
}
