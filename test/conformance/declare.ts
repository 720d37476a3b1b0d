import { describe, expect, test } from 'vitest'
import { runScenario } from './run.ts'
import type { World } from './world.ts'
import { scenariosOf } from './worlds/index.ts'

/** The scenarios of one cloud as tests; what it cannot be asked is skipped with the reason. */
export function declareWorld(world: World): void {
  describe(world.cloud, () => {
    for (const scenario of scenariosOf(world)) {
      test(`${scenario.id}: ${scenario.title}`, async ({ skip }) => {
        const { outcome, detail } = await runScenario(world, scenario)
        if (outcome === 'no capability') skip(detail)
        expect(outcome === 'failed' ? detail : '').toBe('')
      })
    }
  })
}
