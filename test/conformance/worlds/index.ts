import type { Cloud } from '../../../connectors/connector.ts'
import type { Scenario } from '../scenario.ts'
import { scenarios } from '../scenarios/index.ts'
import type { World } from '../world.ts'
import { aws } from './aws/index.ts'
import { azure } from './azure/index.ts'
import { gcp } from './gcp/index.ts'

export const worlds: Readonly<Record<Cloud, World>> = { aws, azure, gcp }

/** Every scenario a cloud is asked: the common ones, and those that only it can be asked. */
export function scenariosOf({ own = [] }: World): readonly Scenario[] {
  return [...scenarios, ...own]
}
