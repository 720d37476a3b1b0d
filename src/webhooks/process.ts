import { z } from 'zod'
import { clouds, type Hint } from '../../connectors/connector.ts'
import { answerWish, type CustomerRequest, connectedBy, type ReadRequest } from '../agreements/index.ts'
import * as connections from '../connections/index.ts'
import type { Context } from '../context.ts'
import * as exceptions from '../exceptions/index.ts'
import { findByReference } from '../operations/index.ts'
import type { Scope } from '../store/index.ts'
import { done, schedule, type WorkItem, type WorkOutcome } from '../work/index.ts'
import type { InboxMessage } from './model.ts'
import { findLocked, markProcessed } from './store.ts'

/** The handler of `inbox.process` (key: message): each hint becomes the reading of what it hints at. */
export async function processMessage(
  context: Pick<Context, 'store' | 'connectors'>,
  item: WorkItem,
): Promise<WorkOutcome> {
  return context.store.inTenant(item.organisation_id, async (scope) => {
    const message = await findLocked(scope, item.key)
    if (message === undefined || message.state !== 'verified') return done
    for (const hint of message.hints) await follow(context, scope, message, hint)
    await markProcessed(scope, item.key)
    return done
  })
}

async function follow(
  { connectors }: Pick<Context, 'connectors'>,
  scope: Scope,
  { id: message_id, connection_id, received_at }: InboxMessage,
  hint: Hint,
): Promise<void> {
  switch (hint.kind) {
    case 'agreement_changed': {
      const { kind: _, ...rest } = hint
      const { news, ...read } = rest
      const told = news === undefined ? {} : { news: { sentence: news, at: received_at.toISOString() } }
      const payload: ReadRequest = { connection_id, ...read, ...told }
      // What one message told must not be overwritten by another that knows less: each message is read for itself.
      await schedule(scope, { kind: 'agreements.read', key: message_id, payload })
      return
    }
    case 'customer_changed': {
      const { kind: _, ...customer } = hint
      const payload: CustomerRequest = { connection_id, ...customer }
      await schedule(scope, { kind: 'agreements.read', key: message_id, payload })
      // What has ended, or was never counted, is found by what changed since the last pull.
      await schedule(scope, { kind: 'agreements.pull', key: connection_id })
      return
    }
    case 'change_wished': {
      const row = await connections.find(scope, connection_id)
      const cloud = z.enum(clouds).parse(row.cloud)
      const connector = connectors[cloud]
      if (connector !== undefined) await answerWish(scope, connectedBy(cloud, connector, row), hint.wish)
      return
    }
    case 'change_finished': {
      const operation = await findByReference(scope, connection_id, hint.reference)
      if (operation !== undefined) await schedule(scope, { kind: 'operation.check', key: operation.id })
      return
    }
    case 'disbursement_paused':
      await exceptions.openException(scope, {
        kind: 'disbursement_paused',
        subject_id: connection_id,
        sentence: 'The cloud has paused disbursements to this account.',
        fix: "Check the account's bank details in the cloud's own console",
      })
      return
    case 'offer_changed':
    case 'nothing':
      return
  }
}
