/** Asks AWS for harmless things, one per permission, and says which of them work, with AWS's words where not. */
import { Fault, type FaultCode } from '../../src/core/fault.ts'
import type { Connection, ConnectionTest, Side } from '../connector.ts'
import { tryPermission } from '../permission.ts'
import type { Aws } from './clients.ts'
import { permissions } from './connecting/permissions.ts'
import { probeOf } from './connecting/probes.ts'

const IDENTITY = 'sts:GetCallerIdentity'
const KEY_FIRST = 'Give other credentials first: AWS does not take these'

/** Tries what that side needs: everything, where it is not said which side it is. */
export async function testConnection(
  aws: Aws,
  connection: Connection,
  side: Side = 'seller',
): Promise<ConnectionTest[]> {
  const wanted = permissions.filter(({ sides }) => sides.includes(side))
  const tests = wanted.flatMap(({ permission }) => {
    const fix = fixOf(permission, connection)
    if (permission === IDENTITY) return [provenBy(aws, connection, fix)]
    const work = probeOf(aws, connection, permission)
    // Nobody mends a policy whose key AWS does not know at all.
    const told = (failed: FaultCode) => (failed === 'unauthorised' ? KEY_FIRST : fix)
    return work === undefined ? [] : [tryPermission(permission, told, work)]
  })
  return Promise.all(tests)
}

/** Whose the credentials are. */
async function provenBy(aws: Aws, connection: Connection, fix: string): Promise<ConnectionTest> {
  const tested = await tryPermission(IDENTITY, fix, () => testIdentity(aws, connection))
  return { ...tested, identity: true }
}

async function testIdentity(aws: Aws, connection: Connection): Promise<string> {
  const identity = await (await aws.clients(connection)).identity()
  const answer = await aws.guard(connection, 'GetCallerIdentity', (abortSignal) =>
    identity.getCallerIdentity({}, { abortSignal }),
  )
  if (answer.Account !== connection.account_id) {
    throw new Fault(
      'invalid',
      `The key belongs to account ${answer.Account}, not to ${connection.account_id}`,
    )
  }
  return `Account ${answer.Account}`
}

/** What to do where a permission does not work; who has it is the user, or the role that is taken on. */
function fixOf(permission: string, { settings }: Connection): string {
  const who = settings.role_arn ? 'role' : 'user'
  if (permission === IDENTITY) {
    return settings.role_arn
      ? 'Give the access key of a user who may take on the role, the ARN of a role of this very account, and its external id; check that the key is active'
      : 'Give the access key and secret of a user of this very account, and check that the key is active'
  }
  if (permission.startsWith('s3:')) {
    return `Allow the ${who} ${permission} on the bucket, as the IAM policy of the second step does, and check the name, folder and region of the bucket in the settings`
  }
  return `Allow the ${who} ${permission}: the IAM policy of the second step does`
}
