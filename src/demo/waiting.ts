// Waiting for clouds: time passes until what was asked for is there, and a person does meanwhile what waits for one.
import { unwrap } from '../client/index.ts'
import { keyed, MINUTE, type Seated, type Seats, type Teller } from './teller.ts'

type Standing = { state: string; problems: readonly { message: string; plain?: string }[] }

/** Something that was asked of a cloud, and the states in which it is there. */
export type Wait = { wanted: readonly string[]; read(): Promise<Standing> }

/** Clouds that make one wait take minutes at first and tens of minutes later: so are the steps. */
const STEPS_MS = [...Array<number>(10).fill(MINUTE), ...Array<number>(40).fill(10 * MINUTE)]

/** Moves the clock until everything is in its wanted state; a refused thing ends the story. */
export async function until(
  teller: Teller,
  seats: Seats,
  deals: readonly Seated[],
  waits: readonly Wait[],
): Promise<void> {
  let open = waits
  for (const step_ms of STEPS_MS) {
    await teller.settle()
    for (const deal of deals) await doByHand(teller, seats, deal)
    const found = await Promise.all(open.map(async (wait) => ({ wait, standing: await wait.read() })))
    for (const { standing } of found) if (standing.state === 'failed') throw refused(standing)
    open = found.filter(({ wait, standing }) => !wait.wanted.includes(standing.state)).map(({ wait }) => wait)
    if (open.length === 0) return
    await teller.move(new Date((await teller.sandbox.now()).getTime() + step_ms))
  }
  throw new Error(`It did not become ${open.map(({ wanted }) => wanted.join(' or ')).join(', ')} in time`)
}

function refused({ problems }: Standing): Error {
  return new Error(`The cloud refused: ${problems.map(({ plain, message }) => plain ?? message).join(' ')}`)
}

/** Whatever a cloud has no interface for is done by a person in the cloud's own pages, and proved to the service. */
async function doByHand(teller: Teller, { vendor }: Seats, deal: Seated): Promise<void> {
  const { world, vendor_connection } = deal
  if (world.byHand === undefined) return
  const query = { limit: 100, state: 'waiting_for_person' as const }
  const { items } = unwrap(await vendor.GET('/v1/operations', { params: { query } }))
  for (const { id, connection_id } of items) {
    if (connection_id !== vendor_connection) continue
    const operation = unwrap(await vendor.GET('/v1/operations/{id}', { params: { path: { id } } }))
    teller.report(`A person does by hand: ${operation.human_task?.title ?? operation.kind}.`)
    const { target, evidence } = await world.byHand(operation)
    const body = { outcome: 'succeeded' as const, target, evidence }
    const params = { path: { id }, ...keyed(`${world.cloud}-by-hand-${id}`) }
    unwrap(await vendor.POST('/v1/operations/{id}/complete', { params, body }))
  }
}
