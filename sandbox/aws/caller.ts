import { AwsError } from './errors.ts'
import { temporaryKeys } from './sts.ts'
import type { World } from './world.ts'

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
