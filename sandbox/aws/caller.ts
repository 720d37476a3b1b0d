import { AwsError } from './errors.ts'
import { temporaryKeys } from './sts.ts'
import type { World } from './world.ts'

// One signing name for all services of the marketplace; the catalog of the commercial partition is in one region.
const marketplace = [
  'marketplace-catalog',
  'meteringmarketplace',
  'marketplace-agreement',
  'marketplace-entitlement',
]
const signingName = 'aws-marketplace'
const catalogRegion = 'us-east-1'

/** Who signed a request. The signature itself is not recomputed; the key must be one the sandbox gave out. */
export function callerOf(
  world: World,
  service: string,
  request: Request,
): { account_id: string; arn: string } {
  const header = request.headers.get('authorization') ?? ''
  const query = new URL(request.url).searchParams.get('X-Amz-Credential') ?? ''
  const key = /Credential=([^/,\s]+)\//.exec(header)?.[1] ?? query.split('/')[0] ?? ''
  if (key === '' || (header !== '' && !header.startsWith('AWS4-HMAC-SHA256'))) throw missing(service)
  if (marketplace.includes(service)) checkForm(service, request.headers, header)
  const temporary = temporaryKeys(world).get(key)
  if (temporary) {
    if (temporary.expires_at <= world.wall()) throw expiredToken(service)
    if (!request.headers.get('x-amz-security-token') && query === '') throw unknownKey(service)
    return temporary
  }
  const account = world.accounts.all().find((candidate) => candidate.access_key_id === key)
  if (!account) throw unknownKey(service)
  return { account_id: account.account_id, arn: `arn:aws:iam::${account.account_id}:user/sandbox` }
}

/** All parts of a signature must be there, and its credential must be scoped to the service and its region. */
function checkForm(service: string, headers: Headers, header: string): void {
  const rest = service === 'marketplace-catalog'
  const part = (name: string) => new RegExp(`${name}=([^,\\s]+)`).exec(header)?.[1]
  const lacking = ['Credential', 'Signature', 'SignedHeaders'].filter((name) => part(name) === undefined)
  const undated = headers.get('x-amz-date') === null && headers.get('date') === null
  if (lacking.length > 0 || undated) {
    const words = lacking.map((name) => `'${name}' parameter`).join(', ') || "'X-Amz-Date' or a 'Date' header"
    throw new AwsError(
      'IncompleteSignatureException',
      `Authorization header requires ${words}.`,
      rest ? 403 : 400,
    )
  }
  const [, date = '', region, name, end] = part('Credential')?.split('/') ?? []
  const problem =
    !/^\d{8}$/.test(date) || end !== 'aws4_request'
      ? 'Credential must have the form key/date/region/service/aws4_request.'
      : name !== signingName
        ? `Credential should be scoped to correct service: '${signingName}'.`
        : rest && region !== catalogRegion
          ? `Credential should be scoped to a valid region, not '${region}'.`
          : undefined
  if (problem) throw new AwsError('InvalidSignatureException', problem, rest ? 403 : 400)
}

function missing(service: string): AwsError {
  if (service === 's3') return new AwsError('AccessDenied', 'Access Denied', 403)
  return new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403)
}

function unknownKey(service: string): AwsError {
  if (service === 's3') {
    const message = 'The AWS Access Key Id you provided does not exist in our records.'
    return new AwsError('InvalidAccessKeyId', message, 403)
  }
  const message = 'The security token included in the request is invalid.'
  if (service === 'sts') return new AwsError('InvalidClientTokenId', message, 403)
  return new AwsError('UnrecognizedClientException', message, service === 'marketplace-catalog' ? 403 : 400)
}

export function expiredToken(service: string): AwsError {
  const message = 'The security token included in the request is expired'
  if (service === 's3') return new AwsError('ExpiredToken', 'The provided token has expired.', 400)
  if (service === 'sts') return new AwsError('ExpiredToken', message, 403)
  return new AwsError('ExpiredTokenException', message, service === 'marketplace-catalog' ? 403 : 400)
}
