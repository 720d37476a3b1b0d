import { ConnectionDropped, type Fault, type Faults } from '../faults.ts'
import type { Recorder } from '../record.ts'
import type { Throttles } from '../throttle.ts'
import { callerOf, unauthorized } from './caller.ts'
import { AzureError, wrappedError } from './errors.ts'
import { fulfilmentRoutes } from './fulfilment.ts'
import { ingestionRoutes } from './ingestion.ts'
import { keys, metadata, tokenV1, tokenV2 } from './login.ts'
import { managementRoutes } from './management.ts'
import { meteringRoutes } from './metering.ts'
import type { Account } from './model.ts'
import { payoutRoutes } from './payouts.ts'
import { recorded } from './recorded.ts'
import { type Answer, type Call, matchPath, type Route } from './route.ts'
import { usageReads } from './usage-reads.ts'
import type { World } from './world.ts'

const nobody = {} as Account

const loginRoutes: Route[] = [
  { method: 'POST', path: '/:tenant/oauth2/v2.0/token', operation: 'Token', open: true, run: tokenV2 },
  { method: 'POST', path: '/:tenant/oauth2/token', operation: 'Token', open: true, run: tokenV1 },
  {
    method: 'GET',
    path: '/:tenant/v2.0/.well-known/openid-configuration',
    operation: 'OpenIdConfiguration',
    open: true,
    run: metadata('v2'),
  },
  {
    method: 'GET',
    path: '/:tenant/.well-known/openid-configuration',
    operation: 'OpenIdConfiguration',
    open: true,
    run: metadata('v1'),
  },
  { method: 'GET', path: '/:tenant/discovery/v2.0/keys', operation: 'Keys', open: true, run: keys },
  { method: 'GET', path: '/:tenant/discovery/keys', operation: 'Keys', open: true, run: keys },
]

/** The prefix of a base URL, the service's name in fault plans and records, and its routes. */
const services: Record<string, { name: string; routes: Route[] }> = {
  login: { name: 'login', routes: loginRoutes },
  fulfilment: { name: 'saas-fulfillment', routes: fulfilmentRoutes },
  metering: { name: 'metering', routes: [...meteringRoutes, ...usageReads] },
  ingestion: { name: 'product-ingestion', routes: ingestionRoutes },
  payouts: { name: 'partner-payouts', routes: payoutRoutes },
  management: { name: 'management', routes: managementRoutes },
}

export type AzureDoor = (request: Request) => Promise<Response>

type Found = { call: Call; route: Route | undefined }

export function createAzureDoor(
  world: World,
  faults: Faults,
  throttles: Throttles,
  record: Recorder,
): AzureDoor {
  return async (request) => {
    const { call, route } = await readCall(world, request)
    const fault = faults.meet({ cloud: 'azure', service: call.service, operation: call.operation })
    world.store.commit()
    if (fault?.fault === 'drop_request') throw new ConnectionDropped()
    if (fault?.fault === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.delay_ms ?? 1_000))
    const answered = answer({ ...call, fault }, route, throttles)
    const response = fault?.fault === 'truncated_json' ? await cut(answered) : answered
    const copy = response.clone()
    record(recorded(call, { status: copy.status, headers: copy.headers, body: await copy.text() }))
    if (fault?.fault === 'drop_answer') throw new ConnectionDropped()
    return response
  }
}

async function readCall(world: World, request: Request): Promise<Found> {
  const url = new URL(request.url)
  const [, , prefix = '', ...rest] = url.pathname.split('/')
  const service = services[prefix]
  const path = `/${rest.join('/')}`
  const body = await request.text()
  const blank = {
    world,
    service: service?.name ?? 'unknown',
    caller: nobody,
    request,
    url,
    body,
    fault: undefined,
  }
  for (const route of service?.routes ?? []) {
    const parameters = route.method === request.method ? matchPath(route.path, path) : undefined
    if (parameters) return { call: { ...blank, operation: route.operation, parameters }, route }
  }
  return { call: { ...blank, operation: 'Unknown', parameters: {} }, route: undefined }
}

/** Everything a call changes is on disk before its answer leaves; a refused call changes nothing. */
function answer(call: Call, route: Route | undefined, throttles: Throttles): Response {
  const { world, service, operation } = call
  try {
    const caller = route?.open || !route ? nobody : callerOf(world, service, call.request)
    if (call.fault) plannedError(service, call.fault)
    if (!throttles.take(caller.account_id ?? service, service, operation)) throw throttled()
    if (!route)
      throw wrappedError(
        404,
        'notFound',
        `The sandbox does not serve ${call.request.method} ${call.url.pathname}.`,
      )
    checkApiVersion(call)
    const response = written(call, route.run({ ...call, caller }))
    world.store.commit()
    return response
  } catch (error) {
    world.store.rollback()
    world.schedule.refresh()
    if (!(error instanceof AzureError)) {
      const told = error instanceof Error ? error.stack : String(error)
      process.stderr.write(`sandbox: ${service} ${operation}: ${told}\n`)
    }
    const known = error instanceof AzureError ? error : internal()
    const response = written(call, { status: known.status, body: known.body, headers: known.headers })
    world.store.commit()
    return response
  }
}

/** Fulfilment and metering know one version. */
function checkApiVersion({ service, url }: Call): void {
  if (service !== 'saas-fulfillment' && service !== 'metering') return
  const version = url.searchParams.get('api-version')
  const error = (Code: string, Message: string) => new AzureError(400, { Error: { Code, Message } })
  if (version === null)
    throw error('ApiVersionUnspecified', 'An API version is required, but was not specified.')
  if (version !== '2018-08-31')
    throw error('UnsupportedApiVersion', `The API version ${version} is not supported.`)
}

function plannedError(service: string, fault: Fault): void {
  if (fault.fault === 'throttle') throw throttled()
  if (fault.fault === 'expired_token') throw unauthorized(service, 'The authorization token has expired.')
  if (fault.fault === 'error_500') throw internal()
  if (fault.fault === 'error_503') {
    throw new AzureError(503, {
      error: { code: 'ServiceUnavailable', message: 'The service is unavailable.' },
    })
  }
}

function throttled(): AzureError {
  const body = { error: { code: 'TooManyRequests', message: 'Too many requests.' } }
  return new AzureError(429, body, { 'retry-after': '1' })
}

function internal(): AzureError {
  return new AzureError(500, {
    error: { code: 'InternalServerError', message: 'An internal error has occurred.' },
  })
}

/** The request's own ids come back; what it did not give is made. */
function written({ world, request }: Call, { status, body, raw, headers }: Answer): Response {
  const given = (name: string) => request.headers.get(name) ?? world.random.uuid()
  const fixed = {
    'x-ms-requestid': given('x-ms-requestid'),
    'x-ms-correlationid': given('x-ms-correlationid'),
    'x-ms-activityid': world.random.uuid(),
  }
  if (raw !== undefined) return new Response(raw, { status, headers: { ...fixed, ...headers } })
  if (body === undefined) return new Response(null, { status, headers: { ...fixed, ...headers } })
  const type = { 'content-type': 'application/json; charset=utf-8' }
  return new Response(JSON.stringify(body), { status, headers: { ...type, ...fixed, ...headers } })
}

/** Half an answer: a reader finds broken JSON. */
async function cut(response: Response): Promise<Response> {
  const text = await response.text()
  return new Response(text.slice(0, Math.floor(text.length / 2)), {
    status: response.status,
    headers: response.headers,
  })
}
