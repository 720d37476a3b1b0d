/**
 * Change sets: AWS's slow writes. One is started with a token made from our key, so that the identical request sent
 * again is the same change set, and with a name made from the key, so that it can be found when the answer was lost.
 */
import type { ChangeSummary, DescribeChangeSetResponse } from '@aws-sdk/client-marketplace-catalog'
import { sha256 } from '../../../src/core/canonical.ts'
import { Fault } from '../../../src/core/fault.ts'
import type { Change, ChangeProblem, Connection, Target } from '../../connector.ts'
import type { Aws } from '../clients.ts'
import { missing } from '../faults.ts'
import { fromAwsChanges } from '../map.ts'
import type { CatalogChange } from './documents.ts'
import { plain } from './plain.ts'

export const CATALOG = 'AWSMarketplace'

const TOKEN_LENGTH = 64
const NAME_KEY_LENGTH = 60

/** The token and the name of the change set that an operation's key stands for. */
export async function marksOf(purpose: string, key: string): Promise<{ token: string; name: string }> {
  const token = (await sha256(`${purpose}:${key}`)).slice(0, TOKEN_LENGTH)
  const readable = key.replace(/[^\w=.:@-]/g, '-').slice(0, NAME_KEY_LENGTH)
  return { token, name: `syndic ${purpose} ${readable} ${token.slice(0, 12)}` }
}

/** Starts a change set once: the same purpose and key lead to the same change set, however often they are sent. */
export async function startChangeSet(
  aws: Aws,
  connection: Connection,
  purpose: string,
  key: string,
  changes: CatalogChange[],
): Promise<Change> {
  const { token, name } = await marksOf(purpose, key)
  const request = { Catalog: CATALOG, ChangeSet: changes, ChangeSetName: name, ClientRequestToken: token }
  const catalog = await (await aws.clients(connection)).catalog()
  try {
    const answer = await aws.guard(connection, 'StartChangeSet', (abortSignal) =>
      catalog.startChangeSet(request, { abortSignal }),
    )
    if (!answer.ChangeSetId) throw missing('StartChangeSet', 'ChangeSetId', answer)
    return { status: 'accepted', reference: answer.ChangeSetId, evidence: aws.evidence(request, answer) }
  } catch (error) {
    const found = mayBeOurs(error) ? await findByName(aws, connection, name) : undefined
    if (found !== undefined) {
      return {
        status: 'accepted',
        reference: found,
        evidence: aws.evidence(request, { found_by_name: found }),
      }
    }
    const refused = refusal(error)
    if (refused !== undefined)
      return { status: 'failed', problems: [refused], evidence: aws.evidence(request, evidenceOf(error)) }
    throw error
  }
}

/**
 * Can the refusal come from our own first attempt, whose answer was lost? A running change set locks its entities, and
 * how long a token is remembered is not documented.
 */
function mayBeOurs(error: unknown): boolean {
  if (!(error instanceof Fault)) return false
  if (error.code === 'locked' || error.code === 'conflict') return true
  return error.code === 'invalid' && /token|already exists|ChangeSetName/i.test(error.message)
}

/** What the catalog's validation finds is an expected refusal and a value; every other failure stays a fault. */
function refusal(error: unknown): ChangeProblem | undefined {
  if (!(error instanceof Fault) || error.code !== 'invalid' || error.cloudCode !== 'ValidationException')
    return undefined
  return problem('', error.cloudCode, error.message)
}

function evidenceOf(error: unknown): unknown {
  return error instanceof Fault ? error.evidence : undefined
}

/** The change set that an operation's key stands for, if AWS has it: an earlier attempt of ours whose answer was lost. */
export async function findChangeSet(
  aws: Aws,
  connection: Connection,
  purpose: string,
  key: string,
): Promise<Change | undefined> {
  const { name } = await marksOf(purpose, key)
  const reference = await findByName(aws, connection, name)
  return reference === undefined
    ? undefined
    : { status: 'accepted', reference, evidence: { received: { found_by_name: reference } } }
}

async function findByName(aws: Aws, connection: Connection, name: string): Promise<string | undefined> {
  const catalog = await (await aws.clients(connection)).catalog()
  const answer = await aws.guard(connection, 'ListChangeSets', (abortSignal) =>
    catalog.listChangeSets(
      {
        Catalog: CATALOG,
        FilterList: [{ Name: 'ChangeSetName', ValueList: [name] }],
        Sort: { SortBy: 'StartTime', SortOrder: 'DESCENDING' },
        MaxResults: 20,
      },
      { abortSignal },
    ),
  )
  return answer.ChangeSetSummaryList?.find((item) => item.ChangeSetName === name)?.ChangeSetId
}

/** Asks how far a change set came. `finish` may add to the target what only a further read can tell. */
export async function checkChangeSet(
  aws: Aws,
  connection: Connection,
  reference: string,
  finish: (target: Target) => Promise<Target> = async (target) => target,
): Promise<Change> {
  const catalog = await (await aws.clients(connection)).catalog()
  const request = { Catalog: CATALOG, ChangeSetId: reference }
  const answer = await aws.guard(connection, 'DescribeChangeSet', (abortSignal) =>
    catalog.describeChangeSet(request, { abortSignal }),
  )
  const evidence = aws.evidence(request, answer)
  switch (answer.Status) {
    case 'PREPARING':
    case 'APPLYING':
      return { status: 'accepted', reference, evidence }
    case 'SUCCEEDED':
      return {
        status: 'succeeded',
        reference,
        target: await finish(fromAwsChanges(answer.ChangeSet ?? [])),
        evidence,
      }
    case 'FAILED':
    case 'CANCELLED':
      return { status: 'failed', reference, problems: fromAwsFailure(answer), evidence }
    default:
      throw missing('DescribeChangeSet', 'status that we know', answer)
  }
}

/** Every problem of a failed change set; never an empty list. */
export function fromAwsFailure(answer: DescribeChangeSetResponse): ChangeProblem[] {
  const found = (answer.ChangeSet ?? []).flatMap(problemsOf)
  if (found.length > 0) return found
  const code = answer.Status === 'CANCELLED' ? 'CANCELLED' : (answer.FailureCode ?? 'UNKNOWN')
  return [problem('', code, answer.FailureDescription ?? 'AWS gave no reason.')]
}

function problemsOf(change: ChangeSummary): ChangeProblem[] {
  const type = change.ChangeType ?? ''
  return (change.ErrorDetailList ?? []).map((detail) =>
    problem(type, detail.ErrorCode ?? 'UNKNOWN', detail.ErrorMessage ?? 'AWS gave no reason.'),
  )
}

function problem(changeType: string, code: string, message: string): ChangeProblem {
  const words = plain(changeType, code)
  return {
    code,
    message,
    ...(changeType === '' ? {} : { field: changeType }),
    ...(words === undefined ? {} : { plain: words }),
  }
}
