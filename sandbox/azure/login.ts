import { knownResources } from './caller.ts'
import { AzureError } from './errors.ts'
import type { Account } from './model.ts'
import type { Answer, Call } from './route.ts'
import { keySet, signToken } from './tokens.ts'
import type { World } from './world.ts'

// The Entra endpoints a daemon uses: client credentials with a secret, metadata, keys.

/** Entra's own errors, each with its number. */
function loginError(
  world: World,
  status: number,
  error: string,
  number: number,
  message: string,
): AzureError {
  const at = new Date(world.wall()).toISOString()
  return new AzureError(status, {
    error,
    error_description: `AADSTS${number}: ${message}`,
    error_codes: [number],
    timestamp: at.replace('T', ' ').slice(0, 19).concat('Z'),
    trace_id: world.random.uuid(),
    correlation_id: world.random.uuid(),
    error_uri: `https://login.microsoftonline.com/error?code=${number}`,
  })
}

/** The application that asks, when its secret is right; whatever secrets arrive in the form or as Basic. */
function clientOf(call: Call, form: URLSearchParams): Account {
  const { world } = call
  const tenant = call.parameters.tenant ?? ''
  const known = world.accounts.all().filter((account) => account.tenant_id === tenant)
  if (known.length === 0) {
    throw loginError(world, 400, 'invalid_request', 90002, `Tenant '${tenant}' not found.`)
  }
  const basic = /^Basic (.+)$/i.exec(call.request.headers.get('authorization') ?? '')?.[1]
  const [basicId, basicSecret] = basic ? Buffer.from(basic, 'base64').toString().split(':') : []
  const id = form.get('client_id') ?? decodeURIComponent(basicId ?? '')
  const secret = form.get('client_secret') ?? decodeURIComponent(basicSecret ?? '')
  const client = known.find((account) => account.client_id === id)
  if (!client) {
    const message = `Application with identifier '${id}' was not found in the directory '${tenant}'.`
    throw loginError(world, 400, 'unauthorized_client', 700016, message)
  }
  if (client.client_secret !== secret) {
    throw loginError(world, 401, 'invalid_client', 7000215, 'Invalid client secret provided.')
  }
  return client
}

function tokenFor(
  call: Call,
  resource: string | undefined,
): { token: string; seconds: number; issued: number } {
  const { world } = call
  const form = new URLSearchParams(call.body)
  if (form.get('grant_type') !== 'client_credentials') {
    const message = 'The app requested an unsupported grant type: only client_credentials is served.'
    throw loginError(world, 400, 'unsupported_grant_type', 70003, message)
  }
  const client = clientOf(call, form)
  if (resource === undefined) {
    throw loginError(
      world,
      400,
      'invalid_scope',
      1002012,
      'The scope of client credentials ends with /.default.',
    )
  }
  if (!knownResources.has(resource.replace(/\/$/, ''))) {
    const message = `The resource principal named ${resource} was not found in the tenant.`
    throw loginError(world, 400, 'invalid_resource', 500011, message)
  }
  const issued = Math.floor(world.wall() / 1000)
  const token = signToken(world, {
    aud: resource,
    iss: `https://sts.windows.net/${client.tenant_id}/`,
    iat: issued,
    nbf: issued,
    exp: issued + client.token_seconds,
    appid: client.client_id,
    appidacr: '1',
    idp: `https://sts.windows.net/${client.tenant_id}/`,
    oid: client.object_id,
    sub: client.object_id,
    tid: client.tenant_id,
    ver: '1.0',
  })
  return { token, seconds: client.token_seconds, issued }
}

const noStore = { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' }

/** v1: the resource is named, and every number is text. */
export function tokenV1(call: Call): Answer {
  const resource = new URLSearchParams(call.body).get('resource') ?? undefined
  const { token, seconds, issued } = tokenFor(call, resource)
  const body = {
    token_type: 'Bearer',
    expires_in: String(seconds),
    ext_expires_in: String(seconds),
    expires_on: String(issued + seconds),
    not_before: String(issued),
    resource: resource ?? '',
    access_token: token,
  }
  return { status: 200, body, headers: noStore }
}

/** v2: the scope is the resource and `/.default`. */
export function tokenV2(call: Call): Answer {
  const scope = new URLSearchParams(call.body).get('scope') ?? ''
  const wanted = scope.split(' ').find((item) => item.endsWith('/.default'))
  const { token, seconds } = tokenFor(call, wanted?.slice(0, -'/.default'.length))
  const body = { token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds, access_token: token }
  return { status: 200, body, headers: noStore }
}

/** OpenID configuration; the issuer is Microsoft's name for the tenant, the addresses are the sandbox's. */
export function metadata(version: 'v1' | 'v2') {
  return ({ world, parameters }: Call): Answer => {
    const tenant = parameters.tenant ?? ''
    const base = `${world.origin()}/azure/login/${tenant}`
    const oauth = version === 'v1' ? `${base}/oauth2` : `${base}/oauth2/v2.0`
    const issuer =
      version === 'v1'
        ? `https://sts.windows.net/${tenant}/`
        : `https://login.microsoftonline.com/${tenant}/v2.0`
    const keys = version === 'v1' ? `${base}/discovery/keys` : `${base}/discovery/v2.0/keys`
    return {
      status: 200,
      body: {
        token_endpoint: `${oauth}/token`,
        token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
        jwks_uri: keys,
        response_modes_supported: ['query', 'fragment', 'form_post'],
        subject_types_supported: ['pairwise'],
        id_token_signing_alg_values_supported: ['RS256'],
        response_types_supported: ['code'],
        scopes_supported: ['openid'],
        issuer,
        authorization_endpoint: `${oauth}/authorize`,
        tenant_region_scope: 'NA',
        cloud_instance_name: 'microsoftonline.com',
      },
    }
  }
}

export function keys({ world }: Call): Answer {
  return { status: 200, body: keySet(world) }
}
