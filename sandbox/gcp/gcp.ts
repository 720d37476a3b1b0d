import { ConnectionDropped, type Fault, type Faults } from '../faults.ts'
import type { Recorder } from '../record.ts'
import type { Throttles } from '../throttle.ts'
import { callerOf, expiredToken, tokenRequest } from './caller.ts'
import { canonical, errorBody, GcpError } from './errors.ts'
import { keyDocument } from './keys.ts'
import type { JsonObject } from './model.ts'
import { type ApiCall, procurementOperation, procurementRequest } from './procurement.ts'
import { producerOperation, producerRequest } from './producer.ts'
import { safeBody } from './secrets.ts'
import { serviceControlOperation, serviceControlRequest } from './service-control.ts'
import { storageOperation, storageRequest } from './storage.ts'
import { pubsubOperation, pubsubRequest } from './subscriptions.ts'
import type { World } from './world.ts'

/** What is served at the root, told apart by the beginning of its path. */
const rootServices: [prefix: string, service: string][] = [
  ['/v1beta/', 'commerceproducer'],
  ['/v1/providers/', 'cloudcommerceprocurement'],
  ['/v1/services/', 'servicecontrol'],
]
/** What has a base URL with a path of its own. */
const services: Record<string, string> = {
  token: 'oauth2',
  pubsub: 'pubsub',
  keys: 'keys',
  storage: 'storage',
}

type Call = ApiCall & { service: string; operation: string; request: Request; text: string }

export type GcpDoor = (request: Request) => Promise<Response>

export function createGcpDoor(world: World, faults: Faults, throttles: Throttles, record: Recorder): GcpDoor {
  return async (request) => {
    const call = await readCall(request)
    if (call.service === 'keys') return keyDocument(world, call.path)
    const fault = faults.meet({ cloud: 'gcp', service: call.service, operation: call.operation })
    world.store.commit()
    if (fault?.fault === 'drop_request') throw new ConnectionDropped()
    if (fault?.fault === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.delay_ms ?? 1_000))
    const answered = answer(world, throttles, call, fault)
    const response = fault?.fault === 'truncated_json' ? await cut(answered) : answered
    const copy = response.clone()
    record({
      cloud: 'gcp',
      service: call.service,
      operation: call.operation,
      request: {
        method: request.method,
        url: request.url,
        headers: request.headers,
        body: safeBody(call.text),
      },
      response: { status: copy.status, headers: copy.headers, body: safeBody(await copy.text()) },
    })
    if (fault?.fault === 'drop_answer') throw new ConnectionDropped()
    return response
  }
}

async function readCall(request: Request): Promise<Call> {
  const url = new URL(request.url)
  const [, first = '', prefix = '', ...rest] = url.pathname.split('/')
  const atRoot = first !== 'gcp'
  const root = rootServices.find(([start]) => url.pathname.startsWith(start))?.[1]
  const service = (atRoot ? root : services[prefix]) ?? 'unknown'
  const path = decodeURIComponent(atRoot ? url.pathname : `/${rest.join('/')}`)
  const text = await request.text()
  const { method } = request
  const operations: Record<string, () => string | undefined> = {
    commerceproducer: () => producerOperation(method, path)?.name,
    cloudcommerceprocurement: () => procurementOperation(method, path)?.name,
    servicecontrol: () => `services.${serviceControlOperation(path)}`,
    oauth2: () => 'token',
    pubsub: () => pubsubOperation(method, path),
    storage: () => storageOperation(path),
  }
  const operation = operations[service]?.() ?? 'unknown'
  return { service, operation, method, path, query: url.searchParams, body: {}, request, text }
}

/** Everything a call changes is on disk before its answer leaves; a refused call changes nothing. */
function answer(world: World, throttles: Throttles, call: Call, fault: Fault | undefined): Response {
  try {
    const response = perform(world, throttles, call, fault)
    world.store.commit()
    return response
  } catch (error) {
    world.store.rollback()
    world.schedule.refresh()
    const known = error instanceof GcpError ? error : new GcpError('INTERNAL', 'Internal error encountered.')
    if (known !== error) {
      const text = error instanceof Error ? error.stack : String(error)
      process.stderr.write(`sandbox: ${call.service} ${call.operation}: ${text}\n`)
    }
    return errorResponse(call.service, known)
  }
}

function errorResponse(service: string, error: GcpError): Response {
  const [, status] = canonical[error.code]
  if (service === 'oauth2') {
    const body = { error: error.code.toLowerCase(), error_description: error.message }
    return Response.json(body, { status })
  }
  const headers =
    error.code === 'UNAUTHENTICATED'
      ? { 'www-authenticate': 'Bearer realm="https://accounts.google.com/"' }
      : {}
  return Response.json(errorBody(error, `${service}.googleapis.com`), { status, headers })
}

const planned: Partial<Record<Fault['fault'], () => GcpError>> = {
  throttle: () => tooFast(),
  error_500: () => new GcpError('INTERNAL', 'Internal error encountered.'),
  error_503: () => new GcpError('UNAVAILABLE', 'The service is currently unavailable.'),
  expired_token: expiredToken,
}

function tooFast(): GcpError {
  return new GcpError('RESOURCE_EXHAUSTED', 'Quota exceeded. Try again later.', 'RATE_LIMIT_EXCEEDED')
}

function perform(world: World, throttles: Throttles, call: Call, fault: Fault | undefined): Response {
  const refusal = fault && planned[fault.fault]
  if (refusal) throw refusal()
  if (call.service === 'oauth2') return tokenRequest(world, call.text)
  const caller = callerOf(world, call.request)
  if (!throttles.take(caller.account_id, call.service, call.operation)) throw tooFast()
  const parts: ApiCall = {
    method: call.method,
    path: call.path,
    query: call.query,
    body: jsonBody(call.text),
  }
  if (call.service === 'storage') return storageRequest(world, caller, parts)
  const half = fault?.fault === 'partial_batch'
  const requests: Record<string, () => JsonObject> = {
    commerceproducer: () => producerRequest(world, caller, parts),
    cloudcommerceprocurement: () => procurementRequest(world, caller, parts),
    servicecontrol: () => serviceControlRequest(world, caller, parts, half),
    pubsub: () => pubsubRequest(world, caller, parts),
  }
  const request = requests[call.service]
  if (!request) throw new GcpError('NOT_FOUND', `The requested URL ${call.path} was not found.`)
  return Response.json(request())
}

function jsonBody(text: string): JsonObject {
  if (text.trim() === '') return {}
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as JsonObject
  } catch {
    // Told below.
  }
  throw new GcpError('INVALID_ARGUMENT', 'Invalid JSON payload received.', 'INVALID_JSON')
}

/** Half an answer under a whole answer's headers: a reader finds broken JSON. */
async function cut(response: Response): Promise<Response> {
  const text = await response.text()
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  return new Response(text.slice(0, Math.floor(text.length / 2)), { status: response.status, headers })
}
