import { OpenAPIHono } from '@hono/zod-openapi'
import type { Hono, Context as HonoContext } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { matchedRoutes } from 'hono/route'
import { authenticate, keyRoutes, meRoutes, openRoutes, peopleRoutes, signInRoutes } from './access/index.ts'
import { signUpRoutes } from './agreements/page/door.ts'
import { signUpPageRoutes } from './agreements/page/routes.ts'
import { agreementRoutes } from './agreements/routes.ts'
import { approvalRoutes } from './approvals/routes.ts'
import { auditRoutes } from './audit/routes.ts'
import { commitmentsRoutes } from './commitments/index.ts'
import { cloudRoutes } from './connections/cloud-routes.ts'
import { connectionRoutes } from './connections/routes.ts'
import { newId } from './core/id.ts'
import { type ProblemCode, problemBody, problemCodes, Refusal } from './core/problem.ts'
import { type DoorEnv, type Limiter, makeLimiter, takeRequest } from './door/index.ts'
import { exceptionRoutes } from './exceptions/index.ts'
import { homeRoutes } from './home/index.ts'
import { ledgerRoutes } from './ledger/routes.ts'
import { listingChangeRoutes } from './listings/change-routes.ts'
import { listingRoutes } from './listings/routes.ts'
import { meteringRoutes } from './metering/index.ts'
import { dealRoutes } from './offers/deal-routes.ts'
import { offerRoutes } from './offers/routes.ts'
import { offerSetRoutes } from './offers/set-routes.ts'
import { operationRoutes } from './operations/routes.ts'
import { invitationRoutes } from './organisations/invitation-routes.ts'
import { acceptInvitation, lookAtInvitation } from './organisations/invitations.ts'
import { memberRoutes } from './organisations/member-routes.ts'
import { organisationRoutes } from './organisations/routes.ts'
import { payoutsRoutes } from './payouts/index.ts'
import { problemRoutes } from './problem-routes.ts'
import { productRoutes } from './products/routes.ts'
import { requestRoutes } from './requests/routes.ts'
import { roleRoutes } from './role-routes.ts'
import { sandboxRoutes } from './sandbox/index.ts'
import type { Services } from './services.ts'
import { settlementRoutes } from './settlement/index.ts'
import { isUnstorable } from './store/index.ts'
import { openedRoutes } from './syndication/opened-routes.ts'
import { syndicationRoutes } from './syndication/routes.ts'
import { inboxRoutes, webhookRoutes } from './webhooks/routes.ts'

/** Bodies above this are turned away; statements are larger and have their own limit. */
const BODY_MAX_BYTES = 4 * 1024 * 1024
const STATEMENT_MAX_BYTES = 64 * 1024 * 1024

export type AppOptions = {
  development_key: string
  version: string
  /** Brings business time up to date before a request is served (the sandbox's clock). */
  refresh(): Promise<void>
  /** Why requests cannot be served yet, such as an older schema; undefined when all is well. */
  notReady?(): Promise<Refusal | undefined>
  /** Counts requests for as long as the process or isolate lives; undefined: for as long as this app does. */
  limiter?: Limiter
  /** Where a request came from, as the runtime knows it; a trusted proxy's header goes before it. */
  address?(door: HonoContext<DoorEnv>): string | undefined
  /** To reach a sign-in provider. */
  fetch?: typeof fetch
}

/** The HTTP app: every door of the service, the same on Node and on Workers. */
export function makeApp(services: Services, options: AppOptions): OpenAPIHono<DoorEnv> {
  const { context } = services
  const app = new OpenAPIHono<DoorEnv>()
  app.onError((error, door) => {
    const { status, body, headers } = toProblem(error, services)
    return door.body(JSON.stringify(body), status, { 'content-type': 'application/problem+json', ...headers })
  })
  app.notFound((door) => {
    const allowed = methodsAt(app, door.req.path)
    if (allowed.length > 0) {
      door.header('allow', allowed.join(', '))
      throw new Refusal('method-not-allowed', `This address takes ${allowed.join(' and ')} only.`)
    }
    throw new Refusal('not-found', 'There is nothing at this address. See /docs for what there is.')
  })
  app.use(async (door, next) => {
    const id = newId('request', context.clocks.wall.now(), context.random)
    door.set('request_id', id)
    door.header('Syndic-Request-Id', id)
    door.set('address', addressOf(services, options, door))
    await next()
  })
  const limiter = options.limiter ?? makeLimiter(context.config.quotas)
  limitStrangers(app, services, limiter)
  app.route('/', problemRoutes())
  app.get('/health', async (door) => {
    const refusal = await options.notReady?.()
    return refusal === undefined
      ? door.json({ status: 'ok', version: options.version })
      : door.json({ status: 'not ready', problem: refusal.message }, 503)
  })
  app.use(async (_, next) => {
    const refusal = await options.notReady?.()
    if (refusal !== undefined) throw refusal
    await options.refresh()
    await next()
  })
  app.use(
    '/v1/statements',
    bodyLimit({ maxSize: STATEMENT_MAX_BYTES, onError: tooLarge(STATEMENT_MAX_BYTES) }),
  )
  app.use(async (door, next) => {
    if (door.req.path === '/v1/statements') return next()
    return bodyLimit({ maxSize: BODY_MAX_BYTES, onError: tooLarge(BODY_MAX_BYTES) })(door, next)
  })
  describe(app, options.version)
  // Doors without a key: the buyer's browser and the clouds. They come before the key is asked for.
  app.route('/', signUpRoutes(context))
  app.route('/', webhookRoutes(context))
  // A Worker's fetch refuses to be called as a method of anything else.
  const send: typeof fetch = options.fetch ?? ((input, init) => fetch(input, init))
  app.route('/', signInRoutes(context, { fetch: send, acceptInvitation, lookAtInvitation }))
  app.use('/v1/*', authenticate(context, { operator_key: options.development_key }))
  app.use('/v1/*', async (door, next) => {
    const { actor } = door.get('caller')
    takeRequest(limiter, door, 'caller', `${actor.kind} ${actor.id}`, context.clocks.wall.now())
    await next()
  })
  for (const routes of doors(services)) app.route('/', routes)
  return app
}

function addressOf(
  { context }: Services,
  options: AppOptions,
  door: HonoContext<DoorEnv>,
): string | undefined {
  const { address_header } = context.config
  // A proxy adds where its request came from at the end; what stands before it anybody can have written.
  const told = address_header === undefined ? undefined : door.req.header(address_header)?.split(',').at(-1)
  return told?.trim() || options.address?.(door)
}

/** Limits the doors without a key, and whoever comes to the others with none or a bad one, by their address. */
function limitStrangers(app: OpenAPIHono<DoorEnv>, { context }: Services, limiter: Limiter): void {
  const take = (door: HonoContext<DoorEnv>, name: 'open' | 'sign_in') =>
    takeRequest(limiter, door, name, door.get('address') ?? 'unknown', context.clocks.wall.now())
  app.use(async (door, next) => {
    const route = matchedRoutes(door).findLast(({ method }) => method !== 'ALL')
    const known = route === undefined ? undefined : openRoutes[`${route.method} ${route.path}`]
    const limit = known?.limit ?? (door.req.path.startsWith('/v1/') ? 'none' : 'open')
    if (limit !== 'none') take(door, limit)
    await next()
    if (door.error instanceof Refusal && door.error.code === 'unauthenticated') take(door, 'open')
  })
}

/** The list of doors. */
function doors(services: Services): Hono<DoorEnv>[] {
  const { context, operations, acts } = services
  const all: unknown[] = [
    organisationRoutes(context),
    roleRoutes(),
    memberRoutes(context),
    invitationRoutes(context),
    approvalRoutes(context, acts),
    keyRoutes(context),
    meRoutes(context),
    homeRoutes(context),
    peopleRoutes(context),
    auditRoutes(context),
    cloudRoutes(context),
    connectionRoutes(context),
    productRoutes(context),
    listingRoutes(context),
    listingChangeRoutes(context),
    dealRoutes(context),
    offerRoutes(context),
    offerSetRoutes(context),
    syndicationRoutes(context),
    openedRoutes(context),
    agreementRoutes(context),
    signUpPageRoutes(context),
    requestRoutes(context),
    meteringRoutes(context),
    settlementRoutes(context),
    exceptionRoutes(context),
    ledgerRoutes(context),
    payoutsRoutes(context),
    commitmentsRoutes(context),
    operationRoutes(context, operations),
    inboxRoutes(context),
    // With the real clouds there is nothing at these addresses.
    ...(context.config.mode === 'sandbox' ? [sandboxRoutes(context, operations)] : []),
  ]
  // A door's own type lists all that it answers. Comparing thirty of them took the compiler minutes, and the app needs none.
  return all as Hono<DoorEnv>[]
}

function describe(app: OpenAPIHono<DoorEnv>, version: string): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' })
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Syndic',
      version,
      description:
        'Sell software through the cloud marketplaces: offers, resellers, metering, settlement, one ledger.',
    },
    security: [{ key: [] }],
  })
}

/** The methods some door takes at a path. */
function methodsAt(app: OpenAPIHono<DoorEnv>, path: string): string[] {
  const fits = (pattern: string) => new RegExp(`^${pattern.replace(/:[^/]+/g, '[^/]+')}$`).test(path)
  const found = app.routes.filter((route) => route.method !== 'ALL' && fits(route.path))
  return [...new Set(found.map((route) => route.method))]
}

function tooLarge(limit: number) {
  return () => {
    throw new Refusal('too-large', `The body is larger than ${limit} bytes.`)
  }
}

type Status = (typeof problemCodes)[ProblemCode][0]

function toProblem(
  error: unknown,
  { context }: Services,
): { status: Status; body: unknown; headers: Record<string, string> } {
  if (error instanceof Refusal) {
    const { retry_after_s } = error
    const headers: Record<string, string> =
      retry_after_s === undefined ? {} : { 'retry-after': String(retry_after_s) }
    return {
      status: problemCodes[error.code][0],
      body: problemBody(error.code, error.message, error.errors),
      headers,
    }
  }
  if (error instanceof HTTPException && error.status === 415) {
    const detail = 'The body is of a type that is not taken here: see its Content-Type in /openapi.json.'
    return { status: 415, body: problemBody('unsupported-media-type', detail), headers: {} }
  }
  if (error instanceof HTTPException && error.status < 500) {
    return { status: 400, body: problemBody('malformed-request', `${error.message}.`), headers: {} }
  }
  if (isUnstorable(error)) {
    const detail = 'The request holds a character that no text may hold, such as NUL. Leave it out.'
    return { status: 422, body: problemBody('invalid-input', detail), headers: {} }
  }
  const reason = error instanceof Error ? error.message : String(error)
  context.log('request.failed', { reason, stack: error instanceof Error ? error.stack : undefined })
  return {
    status: 500,
    body: problemBody('internal', 'The request failed on our side. It is logged; try again later.'),
    headers: {},
  }
}
