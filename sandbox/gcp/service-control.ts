import { minute } from '../time.ts'
import { activeOffer, invoiceMonth } from './billing.ts'
import { planInsights, planUsageClose } from './calendar.ts'
import { type CanonicalCode, canonical, GcpError, invalidField } from './errors.ts'
import type { Customer, Entitlement, Json, JsonObject, Listing, Metric, Provider } from './model.ts'
import { listOf, objectOf, textOf } from './offer-values.ts'
import type { ApiCall } from './procurement.ts'
import { customerOf, meteringSettings, type World } from './world.ts'

// Service Control, version 1: may this customer use the service, and what it used.

const largestBody = 1_048_576
/** After a cancellation usage from before it is still taken for an hour. */
const finalReports = 60 * minute
/** How long usage that could not be reported without billing may be caught up with. */
const replayTime = 30 * 24 * 60 * minute

const pattern = /^\/v1\/services\/([^/:]+):(check|report)$/

export function serviceControlOperation(path: string): string {
  return pattern.exec(path)?.[2] ?? 'unknown'
}

export function serviceControlRequest(
  world: World,
  provider: Provider,
  call: ApiCall,
  half: boolean,
): JsonObject {
  const [, service = '', verb] = pattern.exec(call.path) ?? []
  if (verb === undefined || call.method !== 'POST') {
    throw new GcpError('NOT_FOUND', `The requested URL ${call.path} was not found.`)
  }
  const listing = world.listings.get(service)
  if (listing?.provider !== provider.account_id) {
    const message = `Permission 'servicemanagement.services.${verb}' denied on service '${service}'.`
    throw new GcpError('PERMISSION_DENIED', message, 'AUTH_PERMISSION_DENIED')
  }
  if (JSON.stringify(call.body).length > largestBody) {
    throw new GcpError('INVALID_ARGUMENT', 'The request is larger than 1 MB.', 'REQUEST_TOO_LARGE')
  }
  return verb === 'check' ? check(world, listing, call.body) : report(world, listing, call.body, half)
}

const serviceConfigId = '2026-01-01r0'

function check(world: World, listing: Listing, body: JsonObject): JsonObject {
  const operation = objectOf(body.operation)
  if (operation.userLabels !== undefined) {
    throw invalidField('operation.user_labels', 'user labels are only allowed in report')
  }
  checkOperation(operation, 'operation', false)
  const found = consumerOf(world, listing, operation)
  const checkErrors =
    'code' in found ? [{ code: found.code, subject: textOf(operation.consumerId), detail: found.detail }] : []
  const number = textOf(operation.consumerId).split(':')[1] ?? '0'
  return {
    operationId: operation.operationId ?? '',
    serviceConfigId,
    ...(checkErrors.length > 0 ? { checkErrors } : {}),
    checkInfo: { consumerInfo: { projectNumber: number, type: 'PROJECT', consumerNumber: number } },
  }
}

type Consumer = { entitlement: Entitlement; customer: Customer }

/** The order behind a usageReportingId, or why it may not be used. */
function consumerOf(
  world: World,
  listing: Listing,
  operation: JsonObject,
): Consumer | { code: string; detail: string } {
  const consumer = textOf(operation.consumerId)
  const entitlement = world.entitlements.get(world.consumers.get(consumer) ?? '')
  if (!/^(project|project_number|projects|api_key):\S+$/.test(consumer)) {
    return { code: 'CONSUMER_INVALID', detail: `${consumer} is not a consumer id.` }
  }
  if (entitlement?.service_name !== listing.service_name) {
    return { code: 'NOT_FOUND', detail: `The consumer ${consumer} is not known for this service.` }
  }
  const customer = customerOf(world, entitlement.billing_account)
  if (!customer) return { code: 'PROJECT_DELETED', detail: `The project of ${consumer} was deleted.` }
  if (!customer.billing_enabled) {
    return { code: 'BILLING_DISABLED', detail: `Billing is disabled for ${consumer}.` }
  }
  if (/(CANCELLED|ACTIVATION_REQUESTED)$/.test(entitlement.state)) {
    return { code: 'SERVICE_NOT_ACTIVATED', detail: `The service is not activated for ${consumer}.` }
  }
  return { entitlement, customer }
}

/** What makes the whole request invalid. */
function checkOperation(operation: JsonObject, field: string, reported: boolean): void {
  const missing = (name: string) => invalidField(`${field}.${name}`, 'is required')
  if (textOf(operation.operationId) === '') throw missing('operation_id')
  if (textOf(operation.operationName) === '') throw missing('operation_name')
  if (textOf(operation.consumerId) === '') throw missing('consumer_id')
  if (Number.isNaN(Date.parse(textOf(operation.startTime)))) throw missing('start_time')
  if (reported && Number.isNaN(Date.parse(textOf(operation.endTime)))) throw missing('end_time')
  const seen = new Set<string>()
  for (const set of listOf(operation.metricValueSets).map(objectOf)) {
    for (const value of listOf(set.metricValues).map(objectOf)) {
      const labels = Object.entries(objectOf(value.labels)).sort()
      const key = JSON.stringify([set.metricName, labels])
      if (seen.has(key)) {
        const message = `Operation ${textOf(operation.operationId)} repeats the metric ${textOf(set.metricName)} with the same labels.`
        throw new GcpError('INVALID_ARGUMENT', message, 'DUPLICATE_METRIC_VALUE', [
          { field: `${field}.metric_value_sets`, description: message },
        ])
      }
      seen.add(key)
    }
  }
}

class ReportProblem extends Error {
  readonly code: CanonicalCode

  constructor(code: CanonicalCode, message: string) {
    super(message)
    this.name = 'ReportProblem'
    this.code = code
  }
}

function report(world: World, listing: Listing, body: JsonObject, half: boolean): JsonObject {
  const operations = listOf(body.operations).map(objectOf)
  operations.forEach((operation, index) => {
    checkOperation(operation, `operations[${index}]`, true)
  })
  const taken = half ? Math.floor(operations.length / 2) : operations.length
  const reportErrors: JsonObject[] = []
  operations.forEach((operation, index) => {
    try {
      if (index >= taken) throw new ReportProblem('UNAVAILABLE', 'The operation was not processed.')
      accept(world, listing, operation)
    } catch (error) {
      if (!(error instanceof ReportProblem)) throw error
      const status = { code: canonical[error.code][0], message: error.message }
      reportErrors.push({ operationId: operation.operationId ?? '', status })
    }
  })
  return { ...(reportErrors.length > 0 ? { reportErrors } : {}), serviceConfigId }
}

/** Takes one operation whole or not at all. */
function accept(world: World, listing: Listing, operation: JsonObject): void {
  const id = textOf(operation.operationId)
  const key = `${listing.service_name}/${id}`
  const said = JSON.stringify(operation)
  const before = world.operations.get(key)
  if (before !== undefined && meteringSettings(world).dedupe) {
    if (before === said) return
    throw new ReportProblem('ALREADY_EXISTS', `The operation ${id} was reported with other content.`)
  }
  const start = Date.parse(textOf(operation.startTime))
  const end = Date.parse(textOf(operation.endTime))
  const { entitlement, customer } = reported(world, listing, operation)
  checkTimes(world, entitlement, customer, start, end)
  const values = listOf(operation.metricValueSets).flatMap((item) => metricValues(listing, objectOf(item)))
  const now = world.clock.now()
  const month = invoiceMonth(end, now)
  for (const { metric, value } of values) {
    const record = world.random.uuid()
    world.usage.put(record, {
      id: record,
      provider: listing.provider,
      service_name: listing.service_name,
      entitlement: entitlement.id,
      operation_id: id,
      metric: metric.name,
      private_offer: activeOffer(world, entitlement)?.id ?? '',
      value,
      start,
      end,
      received_at: now,
      month,
    })
  }
  world.operations.put(key, said)
  planUsageClose(world, month)
  planInsights(world, listing.provider, now)
}

/** A cancelled order may still be reported for. */
function reported(world: World, listing: Listing, operation: JsonObject): Consumer {
  const found = consumerOf(world, listing, operation)
  if (!('code' in found)) return found
  const id = world.consumers.get(textOf(operation.consumerId)) ?? ''
  const entitlement = world.entitlements.get(id)
  const customer = entitlement && customerOf(world, entitlement.billing_account)
  const cancelled = found.code === 'SERVICE_NOT_ACTIVATED' && entitlement?.cancelled_at !== undefined
  if (entitlement && customer && cancelled) return { entitlement, customer }
  throw new ReportProblem(found.code === 'NOT_FOUND' ? 'NOT_FOUND' : 'FAILED_PRECONDITION', found.detail)
}

function checkTimes(
  world: World,
  entitlement: Entitlement,
  customer: Customer,
  start: number,
  end: number,
): void {
  const now = world.clock.now()
  const { window_minutes } = meteringSettings(world)
  const wrong = (text: string) => new ReportProblem('INVALID_ARGUMENT', text)
  if (end < start) throw wrong('The end of the operation is before its start.')
  if (end > now + minute) throw wrong('The operation ends in the future.')
  if (end <= (entitlement.starts_at ?? 0)) throw wrong('The order had not started.')
  const cancelled = entitlement.cancelled_at
  if (cancelled !== undefined && (end > cancelled || now > cancelled + finalReports)) {
    throw new ReportProblem('FAILED_PRECONDITION', 'The order was cancelled.')
  }
  const replayed = end <= customer.billing_restored_at && now <= customer.billing_restored_at + replayTime
  if (window_minutes !== null && !replayed && end < now - window_minutes * minute) {
    throw wrong(`The operation ended more than ${window_minutes} minutes ago.`)
  }
  if (end < now - replayTime) throw wrong('The operation ended more than 30 days ago.')
}

function metricValues(listing: Listing, set: JsonObject): { metric: Metric; value: string }[] {
  const name = textOf(set.metricName)
  const metric = listing.metrics.find((item) => `${listing.service_name}/${item.name}` === name)
  if (!metric)
    throw new ReportProblem('INVALID_ARGUMENT', `The metric ${name} is not defined by the service.`)
  return listOf(set.metricValues).map((item) => ({ metric, value: typedValue(metric, objectOf(item)) }))
}

/** The kind of value must be the one the metric is defined with; 64-bit integers travel as strings. */
function typedValue(metric: Metric, value: JsonObject): string {
  const given = metric.value_type === 'INT64' ? value.int64Value : value.doubleValue
  const wrong = (text: string) => new ReportProblem('INVALID_ARGUMENT', text)
  if (given === undefined) {
    const name = metric.value_type === 'INT64' ? 'int64Value' : 'doubleValue'
    throw wrong(`The metric ${metric.name} is defined as ${metric.value_type}: use ${name}.`)
  }
  const text = metric.value_type === 'INT64' ? String(given) : plainDecimal(given)
  if (!(metric.value_type === 'INT64' ? /^\d{1,19}$/ : /^\d+(\.\d+)?$/).test(text)) {
    throw wrong(`The value ${String(given)} of ${metric.name} is not allowed.`)
  }
  return text
}

/** A double without an exponent, to twelve places. */
function plainDecimal(value: Json): string {
  const number = Number(value)
  return Number.isFinite(number) ? number.toFixed(12).replace(/\.?0+$/, '') : String(value)
}
