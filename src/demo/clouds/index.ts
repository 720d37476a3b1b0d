// The worlds of the story, by cloud.
import type { Control } from '../../sandbox/model.ts'
import type { Cloud, World } from '../world.ts'
import { awsWorld } from './aws/world.ts'
import { azureWorld } from './azure/world.ts'
import { gcpWorld } from './gcp/world.ts'

const makers: Record<Cloud, (sandbox: Control) => World> = { aws: awsWorld, azure: azureWorld, gcp: gcpWorld }

export function openWorlds(sandbox: Control, wanted: readonly Cloud[]): World[] {
  return wanted.map((cloud) => makers[cloud](sandbox))
}
