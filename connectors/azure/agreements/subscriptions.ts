/** One subscription of the SaaS fulfilment API. */
import type { Connection } from '../../connector.ts'
import { type Azure, path } from '../clients.ts'
import { shaped } from '../faults.ts'
import { type Subscription, subscriptionShape } from './map-agreements.ts'

export const FULFILMENT_VERSION = { 'api-version': '2018-08-31' }

export async function readSubscription(
  azure: Azure,
  connection: Connection,
  agreement_id: string,
): Promise<Subscription> {
  const { body } = await azure.call(connection, 'fulfilment', {
    call: 'GetSubscription',
    path: path('saas', 'subscriptions', agreement_id),
    query: FULFILMENT_VERSION,
  })
  return shaped(subscriptionShape, body, 'GetSubscription')
}
