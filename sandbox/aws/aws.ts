import { ConnectionDropped, type Fault, type Faults } from '../faults.ts'
import type { Recorder } from '../record.ts'
import type { Throttles } from '../throttle.ts'
import { callerOf, expiredToken } from './caller.ts'
import { catalogOperations } from './catalog/catalog.ts'
import { AwsError, catalogError, catalogStatus } from './errors.ts'
import { snsRequest } from './events/sns.ts'
import { jsonServices } from './json-operations.ts'
import type { Json } from './model.ts'
import { s3Operation, s3Request } from './s3.ts'
import { stsRequest } from './sts.ts'
import { requestId, type World } from './world.ts'
import { element, escaped, xmlResponse } from './xml.ts'

/** The prefix of a base URL, and the service it stands for in the cloud's models. */
const services: Record<string, string> = {
  catalog: 'marketplace-catalog',
  metering: 'meteringmarketplace',
  agreement: 'marketplace-agreement',
  entitlement: 'marketplace-entitlement',
  sts: 'sts',
  s3: 's3',
  sns: 'sns',
}

type Call = { service: string; operation: string; path: string; request: Request; url: URL; body: string }

export type AwsDoor = (request: Request) => Promise<Response>

export function createAwsDoor(world: World, faults: Faults, throttles: Throttles, record: Recorder): AwsDoor {
  return async (request) => {
    const call = await readCall(request)
    if (call.service === 'sns') return snsRequest(world, call.url)
    const fault = faults.meet({ cloud: 'aws', service: call.service, operation: call.operation })
    world.store.commit()
    if (fault?.fault === 'drop_request') throw new ConnectionDropped()
    if (fault?.fault === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.delay_ms ?? 1_000))
    const answered = answer(world, throttles, call, fault)
    const response = fault?.fault === 'truncated_json' ? await cut(answered) : answered
    const copy = response.clone()
    record({
      cloud: 'aws',
      service: call.service,
      operation: call.operation,
      request: { method: request.method, url: request.url, headers: request.headers, body: call.body },
      response: { status: copy.status, headers: copy.headers, body: await copy.text() },
    })
    if (fault?.fault === 'drop_answer') throw new ConnectionDropped()
    return response
  }
}

async function readCall(request: Request): Promise<Call> {
  const url = new URL(request.url)
  const [, , prefix = '', ...rest] = url.pathname.split('/')
  const service = services[prefix] ?? 'unknown'
  const path = `/${rest.join('/')}`
  const body = await request.text()
  const target = request.headers.get('x-amz-target')?.split('.')[1]
  const operation = {
    'marketplace-catalog': () => rest[0] ?? '',
    s3: () => s3Operation(request.method, path, url.searchParams),
    sts: () => new URLSearchParams(body).get('Action') ?? url.searchParams.get('Action') ?? '',
  }[service]
  return { service, operation: (operation ? operation() : target) || 'Unknown', path, request, url, body }
}

/** Everything a call changes is on disk before its answer leaves; a refused call changes nothing. */
function answer(world: World, throttles: Throttles, call: Call, fault: Fault | undefined): Response {
  try {
    const caller = callerOf(world, call.service, call.request)
    if (fault) plannedError(call.service, fault)
    if (!throttles.take(caller.account_id, call.service, call.operation)) throw throttled(call.service)
    const response = perform(world, call, caller, fault)
    world.store.commit()
    return response
  } catch (error) {
    world.store.rollback()
    world.schedule.refresh()
    const known = error instanceof AwsError ? error : internal(call.service, 500)
    const response = errorResponse(world, call, known)
    world.store.commit()
    if (known === error) return response
    process.stderr.write(
      `sandbox: ${call.service} ${call.operation}: ${error instanceof Error ? error.stack : error}\n`,
    )
    return response
  }
}

function plannedError(service: string, fault: Fault): void {
  if (fault.fault === 'throttle') throw throttled(service)
  if (fault.fault === 'expired_token') throw expiredToken(service)
  if (fault.fault === 'named_error') throw named(service, fault.code ?? 'InternalFailure')
  if (fault.fault === 'error_500') throw internal(service, 500)
  if (fault.fault === 'error_503') throw new AwsError('ServiceUnavailable', 'Service Unavailable', 503)
}

/** An error of the cloud under its own name, whatever the call asked for. */
function named(service: string, code: string): AwsError {
  const usual = code.startsWith('Internal') ? 500 : 400
  const status = service === 'marketplace-catalog' ? catalogStatus[code] : undefined
  return new AwsError(code, 'A fault was planned for this call.', status ?? usual)
}

function throttled(service: string): AwsError {
  if (service === 's3') return new AwsError('SlowDown', 'Please reduce your request rate.', 503)
  if (service === 'sts') return new AwsError('Throttling', 'Rate exceeded', 400)
  return new AwsError('ThrottlingException', 'Rate exceeded', service === 'marketplace-catalog' ? 429 : 400)
}

function internal(service: string, status: number): AwsError {
  const names: Record<string, string> = {
    'marketplace-catalog': 'InternalServiceException',
    meteringmarketplace: 'InternalServiceErrorException',
    'marketplace-entitlement': 'InternalServiceErrorException',
    'marketplace-agreement': 'InternalServerException',
    s3: 'InternalError',
  }
  return new AwsError(names[service] ?? 'InternalFailure', 'An internal error has occurred.', status)
}

type Caller = { account_id: string; arn: string }

function perform(world: World, call: Call, caller: Caller, fault: Fault | undefined): Response {
  if (call.service === 's3')
    return s3Request(world, caller.account_id, call.request, call.path, call.operation)
  if (call.service === 'sts') {
    return stsRequest(world, caller.account_id, call.operation, new URLSearchParams(call.body), caller.arn)
  }
  if (call.service === 'marketplace-catalog') {
    const operation = catalogOperations[call.operation]
    if (!operation || operation.method !== call.request.method) {
      throw catalogError(
        'AccessDeniedException',
        `The sandbox does not serve ${call.request.method} ${call.path}.`,
      )
    }
    const body = call.body === '' ? null : parsed(call, 'ValidationException', 422)
    const parts = { method: call.request.method, path: call.path, query: call.url.searchParams, body }
    return json(world, 200, operation.run(world, caller.account_id, parts), 'application/json')
  }
  const service = jsonServices[call.service]
  const operation = service?.operations[call.operation]
  if (!service || !operation)
    throw new AwsError('UnknownOperationException', `There is no ${call.operation} here.`)
  const body = parsed(call, 'SerializationException', 400)
  return json(world, 200, operation(world, caller.account_id, body, fault), service.type)
}

function parsed(call: Call, code: string, status: number): Json {
  try {
    return JSON.parse(call.body) as Json
  } catch {
    throw new AwsError(code, 'The body of the request is not JSON.', status)
  }
}

function json(
  world: World,
  status: number,
  body: object,
  type: string,
  headers: Record<string, string> = {},
): Response {
  const fixed = { 'content-type': type, 'x-amzn-requestid': requestId(world), ...headers }
  return new Response(JSON.stringify(body), { status, headers: fixed })
}

function errorResponse(world: World, call: Call, error: AwsError): Response {
  const id = requestId(world)
  if (call.service === 's3') {
    if (call.request.method === 'HEAD') return new Response(null, { status: error.status })
    const body = element('Code', error.code) + element('Message', escaped(error.message))
    return xmlResponse(error.status, element('Error', body, element('RequestId', id)))
  }
  if (call.service === 'sts') {
    const inner =
      element('Type', 'Sender') + element('Code', error.code) + element('Message', escaped(error.message))
    const body = `<ErrorResponse>${element('Error', inner)}${element('RequestId', id)}</ErrorResponse>`
    return xmlResponse(error.status, body, { 'content-type': 'text/xml' })
  }
  if (call.service === 'marketplace-catalog') {
    const type = `${error.code}:http://internal.amazon.com/coral/com.amazon.awsmarketplace.catalog/`
    const body = { Message: error.message, message: error.message, ...error.extra }
    return json(world, error.status, body, 'application/json', { 'x-amzn-errortype': type })
  }
  const body = { __type: error.code, message: error.message, ...error.extra }
  return json(world, error.status, body, jsonServices[call.service]?.type ?? 'application/json')
}

/** Half an answer under a whole answer's headers but its own length: a reader finds broken JSON. */
async function cut(response: Response): Promise<Response> {
  const text = await response.text()
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  return new Response(text.slice(0, Math.floor(text.length / 2)), { status: response.status, headers })
}
