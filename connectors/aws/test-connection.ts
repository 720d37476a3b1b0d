/** Asks AWS for harmless things, one per permission, and says which of them work, with AWS's words where not. */
import { Fault } from '../../src/core/fault.ts'
import type { Connection, ConnectionTest } from '../connector.ts'
import { tryPermission } from '../permission.ts'
import type { Aws } from './clients.ts'
import { CATALOG } from './wire/changesets.ts'

export async function testConnection(aws: Aws, connection: Connection): Promise<ConnectionTest[]> {
  const clients = await aws.clients(connection)
  const bucket = connection.settings.feed_bucket
  const checks = [
    tryPermission(
      'sts:GetCallerIdentity',
      'Give the access key and secret of a user of this very account, and check that the key is active',
      async () => {
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
      },
    ),
    tryPermission(
      'aws-marketplace:ListEntities',
      'Allow the user aws-marketplace:ListEntities, DescribeEntity, StartChangeSet, DescribeChangeSet and ListChangeSets',
      async () => {
        const catalog = await clients.catalog()
        const request = { Catalog: CATALOG, EntityType: 'SaaSProduct', MaxResults: 1 }
        await aws.guard(connection, 'ListEntities', (abortSignal) =>
          catalog.listEntities(request, { abortSignal }),
        )
        return 'The catalog answers'
      },
    ),
    tryPermission(
      'aws-marketplace:SearchAgreements',
      'Allow the user aws-marketplace:SearchAgreements, DescribeAgreement and GetAgreementTerms',
      async () => {
        const agreement = await clients.agreement()
        const filters = [
          { name: 'PartyType', values: ['Proposer'] },
          { name: 'AgreementType', values: ['PurchaseAgreement'] },
        ]
        await aws.guard(connection, 'SearchAgreements', (abortSignal) =>
          agreement.searchAgreements({ catalog: CATALOG, filters, maxResults: 1 }, { abortSignal }),
        )
        return 'The agreement service answers'
      },
    ),
    ...(bucket
      ? [
          tryPermission(
            's3:ListBucket',
            'Allow the user s3:ListBucket and s3:GetObject on the bucket, and check its name and region in the settings',
            async () => {
              const storage = await clients.storage()
              const { ListObjectsV2Command } = await import('@aws-sdk/client-s3')
              const command = new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 })
              await aws.guard(connection, 'ListObjectsV2', (abortSignal) =>
                storage.send(command, { abortSignal }),
              )
              return `The bucket ${bucket} can be listed`
            },
          ),
        ]
      : []),
  ]
  return Promise.all(checks)
}
