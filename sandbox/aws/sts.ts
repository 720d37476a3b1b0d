import type { Collection } from '../journal.ts'
import { uppercase } from '../random.ts'
import { isoSeconds, second } from '../time.ts'
import { AwsError } from './errors.ts'
import { opaque, requestId, type World } from './world.ts'
import { element, escaped, xmlResponse } from './xml.ts'

/** Keys that AssumeRole gave out. They expire by wall time, because clients compare them with theirs. */
export type TemporaryKey = { access_key_id: string; account_id: string; expires_at: number; arn: string }

export function temporaryKeys(world: World): Collection<TemporaryKey> {
  return world.store.collection('aws.temporary_keys')
}

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/'

export function stsRequest(
  world: World,
  account: string,
  operation: string,
  form: URLSearchParams,
  arn: string,
): Response {
  const metadata = element('ResponseMetadata', element('RequestId', requestId(world)))
  const answer = (result: string) =>
    xmlResponse(
      200,
      `<${operation}Response xmlns="${namespace}">${element(`${operation}Result`, result)}${metadata}</${operation}Response>`,
      { 'content-type': 'text/xml' },
    )
  switch (operation) {
    case 'GetCallerIdentity':
      return answer(element('Arn', arn) + element('UserId', account) + element('Account', account))
    case 'AssumeRole':
      return answer(assumeRole(world, form))
    default:
      throw new AwsError('InvalidAction', `The action ${operation} is not valid for this endpoint.`, 400)
  }
}

function assumeRole(world: World, form: URLSearchParams): string {
  const role = form.get('RoleArn') ?? ''
  const session = form.get('RoleSessionName') ?? ''
  const [, account = '', name = ''] = /^arn:aws:iam::(\d{12}):role\/(.+)$/.exec(role) ?? []
  const duration = Number(form.get('DurationSeconds') ?? 3600)
  if (session === '' || account === '' || !(duration >= 900 && duration <= 43_200)) {
    throw new AwsError('ValidationError', 'RoleArn, RoleSessionName or DurationSeconds is not valid.', 400)
  }
  const owner = world.accounts.get(account)
  const trusted = owner?.external_id === undefined || owner.external_id === form.get('ExternalId')
  if (!owner || !trusted) {
    throw new AwsError(
      'AccessDenied',
      `The caller is not authorized to perform: sts:AssumeRole on resource: ${role}`,
      403,
    )
  }
  const key: TemporaryKey = {
    access_key_id: `ASIA${world.random.text(16, uppercase)}`,
    account_id: account,
    expires_at: world.wall() + duration * second,
    arn: `arn:aws:sts::${account}:assumed-role/${name}/${session}`,
  }
  temporaryKeys(world).put(key.access_key_id, key)
  const credentials = element(
    'Credentials',
    element('AccessKeyId', key.access_key_id),
    element('SecretAccessKey', opaque(world, 40)),
    element('SessionToken', opaque(world, 120)),
    element('Expiration', isoSeconds(key.expires_at)),
  )
  const user = element(
    'AssumedRoleUser',
    element('AssumedRoleId', `AROA${world.random.text(17, uppercase)}:${escaped(session)}`),
    element('Arn', escaped(key.arn)),
  )
  return credentials + user
}
