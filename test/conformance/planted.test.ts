import { describe, expect, test } from 'vitest'
import { clouds } from '../../connectors/connector.ts'
import { plantedBugs } from './planted/index.ts'
import { runScenario } from './run.ts'
import { scenariosOf, worlds } from './worlds/index.ts'

/** The suite is itself tested: each planted bug is caught, on every cloud where it can be. */
const planted = plantedBugs.flatMap(({ clouds: where = clouds, ...bug }) =>
  where.flatMap((cloud) => bug.caught_by.map((id) => ({ cloud, id, ...bug }))),
)

describe('a planted bug is caught', () => {
  test.each(planted)('$cloud: $bug, by $id', async ({ cloud, id, plant }) => {
    const world = worlds[cloud]
    const scenario = scenariosOf(world).find((item) => item.id === id)
    if (scenario === undefined) throw new Error(`There is no scenario ${id}`)
    const { outcome, detail } = await runScenario(world, scenario, { spoil: plant })
    expect(outcome, detail).toBe('failed')
    // It is a claim that does not hold, and not the harness that broke.
    expect(detail).not.toMatch(/TypeError|ReferenceError/)
  })
})
