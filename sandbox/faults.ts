import { z } from 'zod'
import type { Collection, Store } from './journal.ts'
import type { Random } from './random.ts'
import { lowercase } from './random.ts'

const kinds = [
  'drop_request',
  'drop_answer',
  'delay',
  'throttle',
  'error_500',
  'error_503',
  'expired_token',
  'truncated_json',
  'duplicate_event',
  'reorder_events',
  'partial_batch',
  'named_error',
] as const

export const faultSchema = z.strictObject({
  cloud: z.string().optional(),
  service: z.string().optional(),
  operation: z.string().optional(),
  fault: z.enum(kinds),
  after: z.int().min(0).optional(),
  times: z.int().min(1).optional(),
  /** The cloud's own name of the error that `named_error` answers with. */
  code: z
    .string()
    .regex(/^[A-Za-z]{1,80}$/, 'must be the name of an error')
    .optional(),
  delay_ms: z.int().min(0).max(600_000).optional(),
})

export type Fault = z.infer<typeof faultSchema> & { id: string; seen: number; used: number }

export type Faults = {
  add(fault: z.infer<typeof faultSchema>): Fault
  list(): Fault[]
  clear(id?: string): void
  /** The first planned fault of these kinds that this call meets; counts the call either way. */
  meet(
    call: { cloud: string; service: string; operation: string },
    wanted?: readonly Fault['fault'][],
  ): Fault | undefined
}

export const eventFaults: readonly Fault['fault'][] = ['duplicate_event', 'reorder_events']
export const callFaults: readonly Fault['fault'][] = kinds.filter((kind) => !eventFaults.includes(kind))

/** The connection ends without an answer. The server destroys the socket; in process `fetch` rejects with this. */
export class ConnectionDropped extends Error {
  constructor() {
    super('The sandbox dropped the connection, as its fault plan says.')
    this.name = 'ConnectionDropped'
  }
}

export function createFaults(store: Store, random: Random): Faults {
  const faults: Collection<Fault> = store.collection('faults')
  return {
    add(fault) {
      const id = `fault-${random.text(8, lowercase)}`
      return faults.put(id, { ...fault, id, seen: 0, used: 0 })
    },
    list: () => faults.all(),
    clear(id) {
      for (const fault of faults.all()) if (id === undefined || fault.id === id) faults.remove(fault.id)
    },
    meet(call, wanted = callFaults) {
      let met: Fault | undefined
      for (const fault of faults.all()) {
        if (!wanted.includes(fault.fault) || fault.used >= (fault.times ?? 1)) continue
        const fits = (name: 'cloud' | 'service' | 'operation') =>
          fault[name] === undefined || fault[name] === call[name]
        if (!fits('cloud') || !fits('service') || !fits('operation')) continue
        const seen = fault.seen + 1
        const due = !met && seen > (fault.after ?? 0)
        const counted = faults.put(fault.id, { ...fault, seen, used: fault.used + (due ? 1 : 0) })
        if (due) met = counted
      }
      return met
    },
  }
}
