// Two processes driven through one piece of work: who goes when, who hangs where, who dies.
import { LEASE_MS } from '../../src/work/model.ts'
import { dump } from './dump.ts'
import type { RaceProcess, World } from './processes.ts'
import type { Scenario } from './scenario.ts'
import { furnish, type Tenant } from './tenant.ts'

export type Told = {
  tenant: Tenant
  /** What stands in the end. */
  stands: string[]
  /** The steps of the process that held the work first. */
  trail: string[]
}

/** What one process alone makes of the work, step by step. */
export async function alone(world: World, scenario: Scenario): Promise<Told> {
  const tenant = await begin(world, scenario)
  const { one } = world
  one.course.hold(Number.POSITIVE_INFINITY)
  await one.tick(1)
  const trail = [...one.course.trail]
  one.course.free()
  await one.tick()
  return { tenant, stands: await dump(world, tenant), trail }
}

/**
 * Process one leases the work and hangs before its step `at` until its lease is over and process two has done all it
 * can; then it comes back with whatever it had.
 */
export async function comesBack(world: World, scenario: Scenario, at: number): Promise<Told> {
  const tenant = await begin(world, scenario)
  const { one, two } = world
  const late = await hang(one, at)
  two.wall.move(LEASE_MS + 1)
  two.course.hold(Number.POSITIVE_INFINITY)
  const other = start(two.tick())
  await Promise.race([other.over, blocked(world, two, other)])
  one.course.allow(Number.POSITIVE_INFINITY)
  await Promise.all([late.over, other.over])
  return finish(world, tenant, [late, other])
}

/**
 * Process one hangs inside its work until process two has taken over and looked, and dies only then: what two passed
 * over because one had locked it is open again, and nobody else will come by.
 */
export async function diesLate(world: World, scenario: Scenario, at: number): Promise<Told> {
  const tenant = await begin(world, scenario)
  const { one, two } = world
  const late = await hang(one, at)
  two.wall.move(LEASE_MS + 1)
  two.course.hold(Number.POSITIVE_INFINITY)
  const other = start(two.tick())
  await Promise.race([other.over, blocked(world, two, other)])
  one.course.die()
  await Promise.all([late.over, other.over])
  one.logged.length = 0
  return finish(world, tenant, [other])
}

/** Process one dies before its step `at`; process two takes the work over when the lease is over. */
export async function dies(world: World, scenario: Scenario, at: number): Promise<Told> {
  const tenant = await begin(world, scenario)
  const { one, two } = world
  const late = await hang(one, at)
  one.course.die()
  await late.over
  one.logged.length = 0
  two.wall.move(LEASE_MS + 1)
  await two.tick()
  return finish(world, tenant, [])
}

/**
 * Both are at the work: process one hangs before its step `at` past its lease, process two takes over and hangs before
 * its step `then`; process one comes back, ends, and looks for more. `kept`: what two holds is still its own after that.
 */
export async function overlaps(
  world: World,
  scenario: Scenario,
  at: number,
  then: number,
): Promise<Told & { kept: boolean }> {
  const tenant = await begin(world, scenario)
  const { one, two } = world
  const late = await hang(one, at)
  const lost = await leases(world, tenant)
  two.wall.move(LEASE_MS + 1)
  two.course.hold(then)
  const other = start(two.tick(1))
  await Promise.race([other.over, two.course.held(), blocked(world, two, other)])
  const held = two.course.stands() ? await leases(world, tenant) : []
  one.course.allow(Number.POSITIVE_INFINITY)
  await Promise.race([late.over, blocked(world, one, late)])
  const more = late.ended ? start(one.tick(1)) : late
  await Promise.race([more.over, blocked(world, one, more)])
  const after = await leases(world, tenant)
  const kept = held.every((lease) => lost.includes(lease) || after.includes(lease))
  two.course.allow(Number.POSITIVE_INFINITY)
  await Promise.all([late.over, other.over, more.over])
  return { ...(await finish(world, tenant, [late, other])), kept }
}

/** A tenant with its one piece of work, and nothing else due. */
async function begin(world: World, scenario: Scenario): Promise<Tenant> {
  await world.clear()
  const tenant = await furnish(world, scenario.slow === true ? { slow: true } : {})
  await scenario.arrange(world, tenant)
  return tenant
}

type Running = { over: Promise<void>; ended: boolean; error: unknown }

function start(tick: Promise<unknown>): Running {
  const running: Running = { over: Promise.resolve(), ended: false, error: undefined }
  running.over = tick
    .catch((error: unknown) => {
      running.error = error
    })
    .then(() => {
      running.ended = true
    })
  return running
}

/** A process takes one piece of work and stands before a step of it; with fewer steps it just does it. */
async function hang(process: RaceProcess, at: number): Promise<Running> {
  process.course.hold(at)
  const running = start(process.tick(1))
  await Promise.race([process.course.held(), running.over])
  return running
}

/** Resolves when a process waits for a lock in the database, which only the other one can give back. */
async function blocked(world: World, process: RaceProcess, running: Running): Promise<void> {
  while (!running.ended && (await world.waiting(process.name)) === 0);
}

/** Who holds what of a tenant, and until when. */
async function leases(world: World, { organisation_id }: Tenant): Promise<string[]> {
  const { rows } = await world.watch.query<{ lease: string }>(
    `SELECT concat_ws(' ', id, lease_owner, lease_until) AS lease FROM work
     WHERE organisation_id = $1 AND lease_owner IS NOT NULL`,
    [organisation_id],
  )
  return rows.map(({ lease }) => lease)
}

async function finish(world: World, tenant: Tenant, ran: readonly Running[]): Promise<Told> {
  const { one, two } = world
  const trail = [...one.course.trail]
  for (const { course } of [one, two]) course.free()
  for (const { error } of ran) if (error !== undefined) throw error
  await two.tick()
  await one.tick()
  return { tenant, stands: await dump(world, tenant), trail }
}
