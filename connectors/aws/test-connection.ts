/** Asks AWS for harmless things, one per permission, and says which of them work, with AWS's words where not. */
import { Fault } from '../../src/core/fault.ts'
import type { Connection, ConnectionTest } from '../connector.ts'
import type { Aws } from './clients.ts'
import { CATALOG } from './wire/changesets.ts'

export async function testConnection(aws: Aws, connection: Connection): Promise<ConnectionTest[]> {
  const clients = await aws.clients(connection)
  const bucket = connection.settings.feed_bucket
  const checks = [
    attempt('sts:GetCallerIdentity', async () => {
      const identity = await clients.identity()
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
    }),
    attempt('aws-marketplace:ListEntities', async () => {
      const catalog = await clients.catalog()
      const request = { Catalog: CATALOG, EntityType: 'SaaSProduct', MaxResults: 1 }
      await aws.guard(connection, 'ListEntities', (abortSignal) =>
        catalog.listEntities(request, { abortSignal }),
      )
      return 'The catalog answers'
    }),
    attempt('aws-marketplace:SearchAgreements', async () => {
      const agreement = await clients.agreement()
      const filters = [
        { name: 'PartyType', values: ['Proposer'] },
        { name: 'AgreementType', values: ['PurchaseAgreement'] },
      ]
      await aws.guard(connection, 'SearchAgreements', (abortSignal) =>
        agreement.searchAgreements({ catalog: CATALOG, filters, maxResults: 1 }, { abortSignal }),
      )
      return 'The agreement service answers'
    }),
    ...(bucket
      ? [
          attempt('s3:ListBucket', async () => {
            const storage = await clients.storage()
            const { ListObjectsV2Command } = await import('@aws-sdk/client-s3')
            const command = new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 })
            await aws.guard(connection, 'ListObjectsV2', (abortSignal) =>
              storage.send(command, { abortSignal }),
            )
            return `The bucket ${bucket} can be listed`
          }),
        ]
      : []),
  ]
  return Promise.all(checks)
}

async function attempt(permission: string, work: () => Promise<string>): Promise<ConnectionTest> {
  try {
    return { permission, ok: true, detail: await work() }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { permission, ok: false, detail: error.message }
  }
}
