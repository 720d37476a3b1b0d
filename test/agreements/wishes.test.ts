// What buyers wish for is answered once, as the connection says, and before anything else that is due.
import { afterEach, expect, test } from 'vitest'
import type { AgreementWish, Hint } from '../../connectors/connector.ts'
import { findOn } from '../../src/agreements/store.ts'
import { MINUTE_MS } from '../../src/core/time.ts'
import * as timeline from '../../src/timeline/index.ts'
import { remember } from '../../src/webhooks/store.ts'
import { schedule } from '../../src/work/index.ts'
import { openStall, pending, type Stall } from './fake-market.ts'

let stall: Stall
afterEach(() => stall.context.close())

const wish: AgreementWish = {
  agreement_id: 'sub-1',
  wish_id: 'operation-1',
  action: 'plan',
  plan: 'platinum',
  quantity: null,
}

async function message(connection_id: string, message_id: string, hints: Hint[]): Promise<void> {
  const { context } = stall
  await context.store.inTenant(context.organisation_id, async (scope) => {
    const verified = { type: 'ChangePlan', state: 'verified' as const, reason: null, headers: {}, body: '' }
    const id = await remember(scope, { connection_id, message_id, hints, ...verified })
    if (id !== undefined) await schedule(scope, { kind: 'inbox.process', key: id })
  })
}

async function kindsOf(connection: string): Promise<string[]> {
  const { context } = stall
  return context.store.inTenant(context.organisation_id, async (scope) => {
    const found = await findOn(scope, connection, 'sub-1')
    return (await timeline.read(scope, found?.id ?? connection)).map(({ kind }) => kind)
  })
}

test.each([
  ['accept', undefined, true, 'change_granted'],
  ['accept', 'accept', true, 'change_granted'],
  ['reject', 'reject', false, 'change_declined'],
] as const)('%s (setting: %s)', async (_, setting, accept, kind) => {
  stall = await openStall()
  const connection = await stall.connection(
    'seller-1',
    setting === undefined ? {} : { plan_changes: setting },
  )
  stall.market.records.set('sub-1', pending('sub-1', { state: 'active', cloud_state: 'Subscribed' }))
  await stall.settle()
  await message(connection, 'message-1', [{ kind: 'change_wished', wish }])
  await message(connection, 'message-2', [{ kind: 'change_wished', wish }])
  await stall.settle()
  expect(stall.market.answers).toEqual([{ wish, accept }])
  expect(await kindsOf(connection)).toEqual(['accepted', 'change_wished', kind])
})

test('a wish that the record itself tells is answered once, however often the record is read', async () => {
  stall = await openStall()
  const connection = await stall.connection('seller-1')
  const record = pending('sub-1', { state: 'active', cloud_state: 'PENDING_PLAN_CHANGE_APPROVAL', wish })
  stall.market.records.set('sub-1', record)
  await stall.settle()
  stall.context.clock.move(11 * MINUTE_MS)
  await stall.settle()
  expect(stall.market.answers).toEqual([{ wish, accept: true }])
  expect(await kindsOf(connection)).toEqual(['accepted', 'change_wished', 'change_granted'])
})

test('a wish for an agreement that is not known yet is answered all the same', async () => {
  stall = await openStall()
  const connection = await stall.connection('seller-1')
  await stall.settle()
  await message(connection, 'message-1', [{ kind: 'change_wished', wish }])
  await stall.settle()
  expect(stall.market.answers).toEqual([{ wish, accept: true }])
})

test('an answer goes before everything else that is due', async () => {
  stall = await openStall()
  const { context } = stall
  const connection = await stall.connection('seller-1')
  await stall.settle()
  await message(connection, 'message-1', [{ kind: 'change_wished', wish }])
  await stall.services.tick({ milliseconds: 60_000, pieces: 1 })
  await context.store.inTenant(context.organisation_id, (scope) =>
    schedule(scope, { kind: 'agreements.pull', key: connection }),
  )
  await stall.services.tick({ milliseconds: 60_000, pieces: 1 })
  expect(stall.market.answers).toHaveLength(1)
})
