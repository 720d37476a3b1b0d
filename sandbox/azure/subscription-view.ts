import { day, isoSeconds } from '../time.ts'
import type { Account, Operation, Subscription } from './model.ts'
import { termUnit } from './prices.ts'
import { longIso, resourceDocument, text, type World } from './world.ts'

function person(account: Account | undefined) {
  return {
    emailId: account?.email ?? '',
    objectId: account?.object_id ?? '',
    tenantId: account?.tenant_id ?? '',
    puid: account?.puid ?? '',
  }
}

/** A subscription as resolve, list and get show it. Fields without a value are left out. */
export function subscriptionView(world: World, subscription: Subscription) {
  const customer = world.accounts.get(subscription.customer)
  const { term_start, term_end } = subscription
  return {
    id: subscription.id,
    publisherId: world.accounts.get(subscription.publisher)?.publisher_id ?? '',
    offerId: subscription.offer_id,
    name: subscription.name,
    saasSubscriptionStatus: subscription.status,
    beneficiary: person(customer),
    purchaser: person(customer),
    planId: subscription.plan_id,
    ...(subscription.quantity === undefined ? {} : { quantity: subscription.quantity }),
    term: {
      ...(term_start === undefined ? {} : { startDate: isoSeconds(term_start) }),
      // The last day belongs to the term: the next one starts the day after.
      ...(term_end === undefined ? {} : { endDate: isoSeconds(term_end - day) }),
      termUnit: termUnit(subscription.terms.term),
    },
    autoRenew: subscription.auto_renew,
    isTest: subscription.is_test,
    isFreeTrial: false,
    allowedCustomerOperations: ['Delete', 'Read', 'Update'],
    sandboxType: 'None',
    created: longIso(subscription.purchased_at),
    lastModified: '0001-01-01T00:00:00',
    sessionMode: 'None',
  }
}

/** An operation as the operations API shows it and as webhooks carry it. */
export function operationView(world: World, operation: Operation, subscription: Subscription) {
  return {
    id: operation.id,
    activityId: operation.id,
    publisherId: world.accounts.get(subscription.publisher)?.publisher_id ?? '',
    offerId: subscription.offer_id,
    planId: operation.plan_id,
    ...(operation.quantity === undefined ? {} : { quantity: operation.quantity }),
    operationRequestSource: operation.source,
    subscriptionId: subscription.id,
    timeStamp: longIso(operation.at),
    action: operation.action,
    status: operation.status,
    ...(operation.error
      ? { errorStatusCode: operation.error.code, errorMessage: operation.error.message }
      : {}),
  }
}

/** Where the publisher wants to be called, and as whom. */
export function connectionOf(world: World, product: string) {
  const id = `software-as-a-service-technical-configuration/${product}`
  const document = resourceDocument(world, id, 'live')
  return {
    landing_page: text(document?.landingPageUrl),
    webhook: text(document?.connectionWebhook),
    tenant: text(document?.azureAdTenantId),
    app: text(document?.azureAdAppId),
  }
}
