import type { Connectors } from '../../connectors/connector.ts'
import { Fault } from '../../src/core/fault.ts'
import {
  checkOperation,
  type Ending,
  enqueue,
  type OperationHandler,
  type OperationHandlers,
  sendOperation,
} from '../../src/operations/index.ts'
import { type Operation, operationKinds, type Quota, type Sent } from '../../src/operations/model.ts'
import { type AttemptRow, find, findAttempts, type OperationRequest } from '../../src/operations/store.ts'
import { type Scope, toJson } from '../../src/store/index.ts'
import * as timeline from '../../src/timeline/index.ts'
import { tick } from '../../src/work/index.ts'
import type { TestContext } from '../support/context.ts'
import { guide } from '../support/guide.ts'
import { everyKind } from '../work/support.ts'

export const CONNECTION = 'conn_test'

/** A cloud without facets: the handlers of these tests speak to the one below. */
export const connectors: Connectors = {
  aws: { cloud: 'aws', guide, connectionFields: [], test: async () => [] },
}

/** What the cloud does with one request. `act` is its effect: once per key. */
export type Step = (act: () => Sent, operation: Operation) => Sent | Promise<Sent>

export type FakeCloud = {
  handlers: OperationHandlers
  /** What the cloud will do with the next requests, in order; after that it simply succeeds. */
  script: Step[]
  /** Every request that arrived. */
  calls: { purpose: 'send' | 'check'; key: string; request: unknown }[]
  /** What was made, by key. */
  made: Map<string, string>
  quota: Quota
}

export const acts: Step = (act) => act()
export const accepts: Step = () => ({ status: 'accepted', reference: 'change-1', evidence: {} })
export const refuses: Step = () => ({
  status: 'failed',
  problems: [{ code: 'BAD_PRICE', message: 'The price is not possible.' }],
  evidence: { received: 'no' },
})
export const faults =
  (code: Fault['code'], retryAfterMs?: number): Step =>
  () => {
    throw new Fault(code, `It said ${code}.`, { retryAfterMs, evidence: { code } })
  }
/** The effect happens, and the answer never arrives. */
export const losesAnswer =
  (code: 'connection_lost' | 'timeout' | 'unreadable_reply' = 'connection_lost'): Step =>
  (act) => {
    act()
    throw new Fault(code, 'No answer.')
  }
export const dies: Step = (act) => {
  act()
  throw new TypeError('the process broke here')
}

export function fakeCloud(quota: Quota = { name: 'test', per_second: 1000, burst: 1000 }): FakeCloud {
  const cloud: Omit<FakeCloud, 'handlers'> = { script: [], calls: [], made: new Map(), quota }
  const play = async (purpose: 'send' | 'check', operation: Operation): Promise<Sent> => {
    cloud.calls.push({ purpose, key: operation.key, request: operation.request })
    const act = (): Sent => {
      const id = cloud.made.get(operation.key) ?? `made-${cloud.made.size + 1}`
      cloud.made.set(operation.key, id)
      return { status: 'succeeded', target: { offer_id: id }, evidence: { received: id } }
    }
    return (cloud.script.shift() ?? acts)(act, operation)
  }
  const handler: OperationHandler = {
    makes: ['offer_id'],
    quota,
    send: (_, operation) => play('send', operation),
    check: (_, operation) => play('check', operation),
    ended: noteEnding,
  }
  const handlers = Object.fromEntries(operationKinds.map((kind) => [kind, handler])) as OperationHandlers
  return { ...cloud, handlers }
}

/** The consequences of these tests: a row each, so that one that runs twice or is rolled back shows. */
async function noteEnding(scope: Scope, operation: Operation, ending: Ending): Promise<void> {
  const cloud_words = toJson({ operation: operation.id, ...ending })
  await timeline.record(scope, {
    subject_id: operation.id,
    kind: 'ending',
    sentence: ending.state,
    cloud_words,
  })
}

type Tenant = Pick<TestContext, 'store' | 'organisation_id'>

export async function connect({ store, organisation_id }: Tenant): Promise<void> {
  await store.inTenant(organisation_id, ({ tx, now }) =>
    tx.connection.create({
      data: {
        organisation_id,
        id: CONNECTION,
        cloud: 'aws',
        name: 'Test',
        account_id: '111122223333',
        settings: {},
        sealed_credentials: '{}',
        created_at: now(),
      },
    }),
  )
}

export function decide(
  { store, organisation_id }: Tenant,
  key: string,
  more: Partial<OperationRequest> = {},
): Promise<Operation> {
  return store.inTenant(organisation_id, (scope) =>
    enqueue(scope, {
      connection_id: CONNECTION,
      kind: 'offer.create',
      subject_id: 'offer_1',
      key,
      request: { price: '12.50', buyers: ['a', 'b'] },
      ...more,
    }),
  )
}

/** Does the due work of operations, as one process. */
export function work(
  context: Tenant & Pick<TestContext, 'clocks' | 'seal' | 'log' | 'connectors'>,
  { handlers }: Pick<FakeCloud, 'handlers'>,
  owner = 'one',
): Promise<{ pieces: number; more: boolean }> {
  return tick(
    context,
    everyKind((item) =>
      item.kind === 'operation.check'
        ? checkOperation(context, handlers, item)
        : sendOperation(context, handlers, item),
    ),
    owner,
  )
}

export async function look(
  { store, organisation_id }: Tenant,
  id: string,
): Promise<{ operation: Operation; attempts: AttemptRow[] }> {
  return store.inTenant(organisation_id, async (scope) => {
    const operation = await find(scope, id)
    if (operation === undefined) throw new Error(`There is no ${id}`)
    return { operation, attempts: await findAttempts(scope, id) }
  })
}

/** What followed, in the order it followed. */
export async function endings({ store, organisation_id }: Tenant): Promise<unknown[]> {
  const rows = await store.inTenant(organisation_id, ({ tx }) =>
    tx.timeline_event.findMany({ where: { kind: 'ending' }, orderBy: { sequence: 'asc' } }),
  )
  return rows.map((row) => row.cloud_words)
}
