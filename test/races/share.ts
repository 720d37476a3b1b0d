// Many pieces of one kind of work, due at the same moment, and two processes that both begin.
import { expect } from 'vitest'
import { alone } from './drive.ts'
import { dump } from './dump.ts'
import { failures, wrongs } from './explore.ts'
import type { World } from './processes.ts'
import type { Scenario } from './scenario.ts'
import { furnish } from './tenant.ts'

/**
 * Each tenant has one piece of the kind. Both processes hold one before either does anything; then they go on as they
 * like. Every tenant ends as if one process had done it alone, its cloud was asked as often, and as many letters left.
 */
export async function share(world: World, scenario: Scenario, many: number): Promise<void> {
  const right = await alone(world, scenario)
  const asked = namesOf(world, right.tenant.account)
  const letters = world.mailbox.lettersTo(right.tenant.tag).length
  expect(world.mailbox.to(right.tenant.tag)).toHaveLength(letters)
  await world.clear()
  const { one, two, cloud, mailbox } = world
  const tenants = []
  for (let count = 0; count < many; count += 1) {
    const tenant = await furnish(world, scenario.slow === true ? { slow: true } : {})
    await scenario.arrange(world, tenant)
    tenants.push(tenant)
  }
  const before = { calls: cloud.calls.length, letters: mailbox.sent.length }
  for (const { course } of [one, two]) course.hold(0)
  const ticks = [one.tick(), two.tick()]
  await Promise.all([one.course.held(), two.course.held()])
  for (const { course } of [one, two]) course.free()
  const did = await Promise.all(ticks)
  for (const { pieces } of did) expect(pieces).toBeGreaterThan(0)
  // One of them may have ended while the other still wrote down what follows.
  await one.tick()
  await two.tick()
  for (const tenant of tenants) {
    expect(await dump(world, tenant)).toEqual(right.stands)
    expect(namesOf(world, tenant.account)).toEqual(asked)
    expect(world.mailbox.to(tenant.tag)).toHaveLength(letters)
  }
  const { rows } = await world.watch.query('SELECT kind FROM work WHERE due_at <= $1', [world.clock.now()])
  expect(rows).toEqual([])
  expect({ wrong: wrongs(world), failed: failures(world) }).toEqual({ wrong: [], failed: [] })
  expect(processesOf(cloud.calls.slice(before.calls))).toBe(asked.length === 0 ? 0 : 2)
  expect(processesOf(mailbox.sent.slice(before.letters))).toBe(letters === 0 ? 0 : 2)
}

const processesOf = (noted: readonly { process: string }[]) =>
  new Set(noted.map(({ process }) => process)).size

/** What an account's cloud was asked, in no order. */
function namesOf({ cloud }: World, account: string): string[] {
  return cloud
    .callsOf(account)
    .map(({ name }) => name)
    .sort()
}
