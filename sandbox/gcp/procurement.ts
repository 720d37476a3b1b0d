import { entitlementFilter } from './entitlement-filter.ts'
import {
  approve,
  approvePlanChange,
  cancel,
  change,
  privateOfferOf,
  rejectPlanChange,
} from './entitlements.ts'
import { GcpError, invalidField, notFound } from './errors.ts'
import { accountEvent } from './events.ts'
import type { Entitlement, Json, JsonObject, ProcurementAccount, Provider } from './model.ts'
import { textOf } from './offer-values.ts'
import { paged } from './paging.ts'
import { accountJson, entitlementJson } from './procurement-shapes.ts'
import type { World } from './world.ts'

// The Partner Procurement API, version 1: what customers have bought from a provider, and the provider's yes or no.

export type ApiCall = {
  method: string
  /** The path below the API's base URL, decoded. */
  path: string
  query: URLSearchParams
  body: JsonObject
}

type Operation = (world: World, provider: Provider, call: ApiCall, id: string) => JsonObject

const operations: [method: string, path: RegExp, name: string, run: Operation][] = [
  ['GET', /^\/v1\/providers\/([^/]+)\/accounts$/, 'accounts.list', listAccounts],
  ['GET', /^\/v1\/providers\/([^/]+)\/accounts\/([^/:]+)$/, 'accounts.get', getAccount],
  ['POST', /^\/v1\/providers\/([^/]+)\/accounts\/([^/:]+):approve$/, 'accounts.approve', decide('APPROVED')],
  ['POST', /^\/v1\/providers\/([^/]+)\/accounts\/([^/:]+):reject$/, 'accounts.reject', decide('REJECTED')],
  ['POST', /^\/v1\/providers\/([^/]+)\/accounts\/([^/:]+):reset$/, 'accounts.reset', resetAccount],
  ['GET', /^\/v1\/providers\/([^/]+)\/entitlements$/, 'entitlements.list', listEntitlements],
  ['GET', /^\/v1\/providers\/([^/]+)\/entitlements\/([^/:]+)$/, 'entitlements.get', getEntitlement],
  ['PATCH', /^\/v1\/providers\/([^/]+)\/entitlements\/([^/:]+)$/, 'entitlements.patch', patchEntitlement],
  ['POST', /^\/v1\/providers\/([^/]+)\/entitlements\/([^/:]+):approve$/, 'entitlements.approve', approveOne],
  ['POST', /^\/v1\/providers\/([^/]+)\/entitlements\/([^/:]+):reject$/, 'entitlements.reject', rejectOne],
  [
    'POST',
    /^\/v1\/providers\/([^/]+)\/entitlements\/([^/:]+):approvePlanChange$/,
    'entitlements.approvePlanChange',
    planChange(approvePlanChange),
  ],
  [
    'POST',
    /^\/v1\/providers\/([^/]+)\/entitlements\/([^/:]+):rejectPlanChange$/,
    'entitlements.rejectPlanChange',
    planChange(rejectPlanChange),
  ],
  ['POST', /^\/v1\/providers\/([^/]+)\/entitlements\/([^/:]+):suspend$/, 'entitlements.suspend', suspend],
]

export function procurementOperation(method: string, path: string) {
  for (const [verb, pattern, name, run] of operations) {
    const found = verb === method ? pattern.exec(path) : null
    if (found) return { name, run, provider: found[1] ?? '', id: found[2] ?? '' }
  }
  return undefined
}

export function procurementRequest(world: World, caller: Provider, call: ApiCall): JsonObject {
  const operation = procurementOperation(call.method, call.path)
  if (!operation) throw new GcpError('NOT_FOUND', `The requested URL ${call.path} was not found.`)
  if (operation.provider !== caller.account_id) {
    const message = `The caller does not have permission on providers/${operation.provider}.`
    throw new GcpError('PERMISSION_DENIED', message, 'IAM_PERMISSION_DENIED')
  }
  return operation.run(world, caller, call, operation.id)
}

function ownAccount(world: World, provider: Provider, id: string): ProcurementAccount {
  const found = world.procurement.get(id)
  if (found?.provider === provider.account_id) return found
  throw notFound(`providers/${provider.account_id}/accounts/${id}`)
}

function own(world: World, provider: Provider, id: string): Entitlement {
  const found = world.entitlements.get(id)
  if (found?.provider === provider.account_id) return found
  throw notFound(`providers/${provider.account_id}/entitlements/${id}`)
}

function listAccounts(world: World, provider: Provider, call: ApiCall): JsonObject {
  const all = world.procurement.all().filter((account) => account.provider === provider.account_id)
  const { items, next } = paged(all, call.query, 25, 200)
  return { accounts: items.map((account) => accountJson(world, account, false)), ...next }
}

function getAccount(world: World, provider: Provider, call: ApiCall, id: string): JsonObject {
  const full = call.query.get('view') === 'ACCOUNT_VIEW_FULL'
  return accountJson(world, ownAccount(world, provider, id), full)
}

/** A reason is kept to 256 bytes. */
function reasonOf(body: JsonObject): string {
  return Buffer.from(textOf(body.reason)).subarray(0, 256).toString()
}

function decide(state: 'APPROVED' | 'REJECTED'): Operation {
  return (world, provider, { body }, id) => {
    const account = ownAccount(world, provider, id)
    const wanted = textOf(body.approvalName)
    if (wanted === '' && account.approvals.length > 1) {
      throw invalidField('approval_name', 'must be set: the account has more than one approval')
    }
    const found = wanted === '' ? account.approvals[0] : account.approvals.find(({ name }) => name === wanted)
    if (!found) throw invalidField('approval_name', `the account has no approval named ${wanted}`)
    if (state === 'REJECTED' && found.state === 'APPROVED') {
      throw new GcpError('FAILED_PRECONDITION', 'An approved account cannot be rejected.', 'ALREADY_APPROVED')
    }
    const now = world.clock.now()
    const decided = { ...found, state, reason: reasonOf(body), at: now }
    const approvals = account.approvals.map((approval) => (approval === found ? decided : approval))
    const changed = world.procurement.put(id, { ...account, approvals, updated_at: now })
    if (state === 'APPROVED' && found.state !== 'APPROVED') approved(world, changed)
    return {}
  }
}

/** An approved account is active; offers that Google approves by itself had waited for that. */
function approved(world: World, account: ProcurementAccount): void {
  accountEvent(world, account, 'ACCOUNT_ACTIVE')
  for (const entitlement of world.entitlements.all()) {
    if (entitlement.account !== account.id || entitlement.approved) continue
    if (entitlement.state !== 'ENTITLEMENT_ACTIVATION_REQUESTED') continue
    if (world.listings.get(entitlement.service_name)?.automatic_offer_approval) {
      approve(world, entitlement, account)
    }
  }
}

function resetAccount(world: World, provider: Provider, _call: ApiCall, id: string): JsonObject {
  const account = ownAccount(world, provider, id)
  for (const entitlement of world.entitlements.all()) {
    if (entitlement.account === id && entitlement.state !== 'ENTITLEMENT_CANCELLED') {
      cancel(world, entitlement, 'account-closed')
    }
  }
  world.procurement.remove(id)
  accountEvent(world, { ...account, updated_at: world.clock.now() }, 'ACCOUNT_DELETED')
  return {}
}

function listEntitlements(world: World, provider: Provider, call: ApiCall): JsonObject {
  const test = entitlementFilter(call.query.get('filter') ?? '')
  const all = world.entitlements
    .all()
    .filter((entitlement) => entitlement.provider === provider.account_id)
    .map((entitlement) => ({
      shown: entitlementJson(world, entitlement),
      customer_billing_account: `billingAccounts/${entitlement.billing_account}`,
    }))
    .filter(({ shown, customer_billing_account }) => test({ ...shown, customer_billing_account }))
  const { items, next } = paged(all, call.query, 200, 200)
  return { entitlements: items.map(({ shown }) => shown), ...next }
}

function getEntitlement(world: World, provider: Provider, _call: ApiCall, id: string): JsonObject {
  return entitlementJson(world, own(world, provider, id))
}

function wrongState(entitlement: Entitlement, wanted: string): GcpError {
  const message = `The entitlement is ${entitlement.state}; this needs ${wanted}.`
  return new GcpError('FAILED_PRECONDITION', message, 'INVALID_ENTITLEMENT_STATE')
}

function patchEntitlement(world: World, provider: Provider, call: ApiCall, id: string): JsonObject {
  const entitlement = own(world, provider, id)
  const mask = (call.query.get('updateMask') ?? '').split(',').filter((path) => path !== '')
  const fields = mask.length > 0 ? mask : Object.keys(call.body)
  const other = fields.find((path) => path !== 'messageToUser' && path !== 'message_to_user')
  if (other !== undefined) throw invalidField('update_mask', `${other} cannot be changed`)
  if (!/(ACTIVATION_REQUESTED|PENDING_PLAN_CHANGE_APPROVAL)$/.test(entitlement.state)) {
    throw wrongState(
      entitlement,
      'ENTITLEMENT_ACTIVATION_REQUESTED or ENTITLEMENT_PENDING_PLAN_CHANGE_APPROVAL',
    )
  }
  const message: Json = call.body.messageToUser ?? ''
  return entitlementJson(world, change(world, entitlement, { message_to_user: textOf(message) }))
}

function approveOne(world: World, provider: Provider, _call: ApiCall, id: string): JsonObject {
  const entitlement = own(world, provider, id)
  if (entitlement.state !== 'ENTITLEMENT_ACTIVATION_REQUESTED' || entitlement.approved) {
    throw wrongState(entitlement, 'an unapproved ENTITLEMENT_ACTIVATION_REQUESTED')
  }
  approve(world, entitlement, ownAccount(world, provider, entitlement.account))
  return {}
}

function rejectOne(world: World, provider: Provider, _call: ApiCall, id: string): JsonObject {
  const entitlement = own(world, provider, id)
  if (entitlement.state !== 'ENTITLEMENT_ACTIVATION_REQUESTED' || entitlement.approved) {
    throw wrongState(entitlement, 'an unapproved ENTITLEMENT_ACTIVATION_REQUESTED')
  }
  cancel(world, entitlement, 'unknown')
  return {}
}

function planChange(work: (world: World, entitlement: Entitlement) => void): Operation {
  return (world, provider, { body }, id) => {
    const entitlement = own(world, provider, id)
    if (textOf(body.pendingPlanName) === '') throw invalidField('pending_plan_name', 'is required')
    if (entitlement.state !== 'ENTITLEMENT_PENDING_PLAN_CHANGE_APPROVAL') {
      throw wrongState(entitlement, 'ENTITLEMENT_PENDING_PLAN_CHANGE_APPROVAL')
    }
    const pending = entitlement.pending?.plan
    if (body.pendingPlanName !== pending) {
      throw invalidField('pending_plan_name', `the pending plan is ${pending ?? 'unknown'}`)
    }
    work(world, entitlement)
    return {}
  }
}

function suspend(world: World, provider: Provider, _call: ApiCall, id: string): JsonObject {
  privateOfferOf(world, own(world, provider, id).purchase)
  throw new GcpError('UNIMPLEMENTED', 'Suspending an entitlement is not supported yet.', 'NOT_SUPPORTED')
}
