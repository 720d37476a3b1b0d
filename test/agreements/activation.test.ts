// Purchases that wait for the seller: activated once the buyer signed up, never before and never twice.
import { afterEach, describe, expect, test } from 'vitest'
import { activate } from '../../src/agreements/activate.ts'
import { signUp } from '../../src/agreements/sign-up.ts'
import { findOn } from '../../src/agreements/store.ts'
import { MINUTE_MS } from '../../src/core/time.ts'
import * as timeline from '../../src/timeline/index.ts'
import { schedule } from '../../src/work/index.ts'
import { openStall, pending, type Stall } from './fake-market.ts'

let stall: Stall
afterEach(() => stall.context.close())

function token(agreement_id: string | null, buyer_account_id = 'buyer-1'): string {
  const text = `token for ${agreement_id ?? buyer_account_id}`
  stall.market.tokens.set(text, { buyer_account_id, agreement_id, license: null, product_code: null })
  return text
}

async function comes(connection: string, text: string) {
  const { context } = stall
  return (await signUp(context, context.organisation_id, connection, text)).agreement
}

async function look(connection: string, agreement_id: string) {
  const { context } = stall
  return context.store.inTenant(context.organisation_id, async (scope) => {
    const found = await findOn(scope, connection, agreement_id)
    if (found === undefined) throw new Error(`${agreement_id} is not known`)
    const events = await timeline.read(scope, found.id)
    return { ...found, kinds: events.map(({ kind }) => kind) }
  })
}

describe('a pending purchase', () => {
  test('waits for its buyer, is activated once, and is active when the cloud says so', async () => {
    stall = await openStall()
    const connection = await stall.connection('seller-1')
    stall.market.records.set('sub-1', pending('sub-1'))
    await stall.settle()
    expect(stall.market.activated).toEqual([])
    expect((await look(connection, 'sub-1')).state).toBe('pending')
    const text = token('sub-1')
    await comes(connection, text)
    await comes(connection, text)
    await stall.settle()
    expect(stall.market.activated).toEqual(['sub-1'])
    const { state, kinds } = await look(connection, 'sub-1')
    expect(state).toBe('active')
    expect(kinds).toEqual(['accepted', 'signed_up', 'activated'])
  })

  test('whose buyer came before the cloud told of it is activated when it is known', async () => {
    stall = await openStall()
    const connection = await stall.connection('seller-1')
    await stall.settle()
    expect(await comes(connection, token('sub-1'))).toBeUndefined()
    await stall.settle()
    stall.market.records.set('sub-1', pending('sub-1'))
    stall.context.clock.move(11 * MINUTE_MS)
    await stall.settle()
    stall.context.clock.move(MINUTE_MS)
    await stall.settle()
    expect(stall.market.activated).toEqual(['sub-1'])
  })

  test("one buyer's token never signs up another purchase of the same buyer", async () => {
    stall = await openStall()
    const connection = await stall.connection('seller-1')
    for (const id of ['sub-1', 'sub-2']) stall.market.records.set(id, pending(id))
    await stall.settle()
    await comes(connection, token('sub-2'))
    await stall.settle()
    expect(stall.market.activated).toEqual(['sub-2'])
    expect((await look(connection, 'sub-1')).signed_up_at).toBeNull()
  })

  test('is covered by the sign-up of its buyer where the cloud has one per buyer', async () => {
    stall = await openStall('buyer')
    const connection = await stall.connection('seller-1')
    stall.market.records.set('order-1', pending('order-1'))
    stall.market.records.set('order-2', pending('order-2', { buyer_account_id: 'buyer-2' }))
    await stall.settle()
    await comes(connection, token(null))
    await stall.settle()
    expect(stall.market.activated).toEqual(['order-1'])
    stall.market.records.set('order-3', pending('order-3'))
    stall.context.clock.move(11 * MINUTE_MS)
    await stall.settle()
    expect(stall.market.activated).toEqual(['order-1', 'order-3'])
  })

  test('is left to people where the connection says so, and can be asked for again after a refusal', async () => {
    stall = await openStall()
    const { context, market } = stall
    const connection = await stall.connection('seller-1', { activation: 'by_hand' })
    market.records.set('sub-1', pending('sub-1'))
    await stall.settle()
    await comes(connection, token('sub-1'))
    await stall.settle()
    expect(market.activated).toEqual([])
    const { id } = await look(connection, 'sub-1')
    const ask = () => context.store.inTenant(context.organisation_id, (scope) => activate(scope, id))
    market.refusal = {
      status: 'failed',
      problems: [{ code: 'Throttled', message: 'Not now.' }],
      evidence: {},
    }
    const first = await ask()
    expect((await ask()).id).toBe(first.id)
    await stall.settle()
    market.refusal = undefined
    expect((await ask()).id).not.toBe(first.id)
    await stall.settle()
    expect(market.activated).toEqual(['sub-1'])
    const { kinds } = await look(connection, 'sub-1')
    expect(kinds).toEqual(['accepted', 'signed_up', 'activation_failed', 'activated'])
    await expect(ask()).rejects.toMatchObject({ code: 'conflict' })
  })
})

test('a connection refuses a word that its settings do not know', async () => {
  stall = await openStall()
  await expect(stall.connection('seller-1', { activation: 'perhaps' })).rejects.toMatchObject({
    code: 'invalid-input',
    errors: [{ field: 'settings.activation', rule: 'must match automatic|by_hand' }],
  })
})

test('a message about a subscription that the cloud does not show is looked for a while and then let go', async () => {
  stall = await openStall()
  const { context } = stall
  const connection_id = await stall.connection('seller-1')
  await stall.settle()
  await context.store.inTenant(context.organisation_id, (scope) =>
    schedule(scope, {
      kind: 'agreements.read',
      key: 'message-1',
      payload: { connection_id, agreement_id: 'nobody' },
    }),
  )
  const waiting = () =>
    context.store.inTenant(context.organisation_id, ({ tx }) =>
      tx.work.count({ where: { kind: 'agreements.read' } }),
    )
  for (let minute = 0; minute < 4; minute += 1) {
    await stall.settle()
    expect(await waiting()).toBe(1)
    context.clock.move(MINUTE_MS)
  }
  await stall.settle()
  expect(await waiting()).toBe(0)
  expect(context.logged.join('\n')).toContain('agreements.unknown')
})
