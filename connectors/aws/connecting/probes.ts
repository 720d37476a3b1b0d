/**
 * One harmless read per permission. Where nothing of the account is known, the read asks for what does not exist: AWS looks
 * at the permission first, so that "there is no such thing" says that the asking is allowed.
 */
import { Fault } from '../../../src/core/fault.ts'
import type { Connection } from '../../connector.ts'
import type { Aws, AwsClients } from '../clients.ts'
import { toFault } from '../faults.ts'
import { CATALOG } from '../wire/changesets.ts'

type Probe = {
  call: string
  /** What AWS said, in our words, when it worked. */
  seen: string
  send(clients: AwsClients, abortSignal: AbortSignal): Promise<unknown>
}

const PREFIX = 'aws-marketplace:'
/** Ids of the right form that belong to nothing. */
const agreementId = 'agmt-0000000000000000000000000'
const NOTHING_THERE = 'Asked for something that does not exist, AWS said so: asking is allowed'

/** The reads of the marketplace services, by permission. */
const probes: Readonly<Record<string, Probe>> = {
  [`${PREFIX}ListEntities`]: {
    call: 'ListEntities',
    seen: 'The catalog answers',
    send: async (clients, abortSignal) =>
      (await clients.catalog()).listEntities(
        { Catalog: CATALOG, EntityType: 'SaaSProduct', MaxResults: 1 },
        { abortSignal },
      ),
  },
  [`${PREFIX}DescribeEntity`]: {
    call: 'DescribeEntity',
    seen: NOTHING_THERE,
    send: async (clients, abortSignal) =>
      (await clients.catalog()).describeEntity(
        { Catalog: CATALOG, EntityId: 'prod-0000000000000' },
        { abortSignal },
      ),
  },
  [`${PREFIX}DescribeChangeSet`]: {
    call: 'DescribeChangeSet',
    seen: NOTHING_THERE,
    send: async (clients, abortSignal) =>
      (await clients.catalog()).describeChangeSet(
        { Catalog: CATALOG, ChangeSetId: '0000000000000000000000000' },
        { abortSignal },
      ),
  },
  [`${PREFIX}ListChangeSets`]: {
    call: 'ListChangeSets',
    seen: 'The change sets can be listed',
    send: async (clients, abortSignal) =>
      (await clients.catalog()).listChangeSets({ Catalog: CATALOG, MaxResults: 1 }, { abortSignal }),
  },
  [`${PREFIX}SearchAgreements`]: {
    call: 'SearchAgreements',
    seen: 'The agreement service answers',
    send: async (clients, abortSignal) => {
      const filters = [
        { name: 'PartyType', values: ['Proposer'] },
        { name: 'AgreementType', values: ['PurchaseAgreement'] },
      ]
      return (await clients.agreement()).searchAgreements(
        { catalog: CATALOG, filters, maxResults: 1 },
        { abortSignal },
      )
    },
  },
  [`${PREFIX}DescribeAgreement`]: ofAgreement('DescribeAgreement', (client, abortSignal) =>
    client.describeAgreement({ agreementId }, { abortSignal }),
  ),
  [`${PREFIX}GetAgreementTerms`]: ofAgreement('GetAgreementTerms', (client, abortSignal) =>
    client.getAgreementTerms({ agreementId }, { abortSignal }),
  ),
  [`${PREFIX}ListAgreementInvoiceLineItems`]: ofAgreement(
    'ListAgreementInvoiceLineItems',
    (client, abortSignal) =>
      client.listAgreementInvoiceLineItems(
        { agreementId, groupBy: 'INVOICE_ID', maxResults: 1 },
        { abortSignal },
      ),
  ),
  [`${PREFIX}GetAgreementCancellationRequest`]: ofAgreement(
    'GetAgreementCancellationRequest',
    (client, abortSignal) =>
      client.getAgreementCancellationRequest(
        { agreementId, agreementCancellationRequestId: 'acr-0000000000000000000000000' },
        { abortSignal },
      ),
  ),
  [`${PREFIX}GetAgreementPaymentRequest`]: ofAgreement('GetAgreementPaymentRequest', (client, abortSignal) =>
    client.getAgreementPaymentRequest(
      { agreementId, paymentRequestId: 'pr-0000000000000000000000000' },
      { abortSignal },
    ),
  ),
  [`${PREFIX}GetBillingAdjustmentRequest`]: ofAgreement(
    'GetBillingAdjustmentRequest',
    (client, abortSignal) =>
      client.getBillingAdjustmentRequest(
        { agreementId, billingAdjustmentRequestId: 'ba-0000000000000000000000000' },
        { abortSignal },
      ),
  ),
  [`${PREFIX}GetEntitlements`]: {
    call: 'GetEntitlements',
    seen: NOTHING_THERE,
    send: async (clients, abortSignal) =>
      (await clients.entitlement()).getEntitlements(
        { ProductCode: '0000000000000000000000000', MaxResults: 1 },
        { abortSignal },
      ),
  },
  [`${PREFIX}ResolveCustomer`]: {
    call: 'ResolveCustomer',
    seen: 'Given a token that is none, AWS said so: asking is allowed',
    send: async (clients, abortSignal) =>
      (await clients.metering()).resolveCustomer(
        { RegistrationToken: 'no-token-but-a-test-of-the-permission' },
        { abortSignal },
      ),
  },
}

type Agreements = Awaited<ReturnType<AwsClients['agreement']>>

function ofAgreement(
  call: string,
  send: (client: Agreements, abortSignal: AbortSignal) => Promise<unknown>,
): Probe {
  return {
    call,
    seen: NOTHING_THERE,
    send: async (clients, abortSignal) => send(await clients.agreement(), abortSignal),
  }
}

/** The test of a permission of the marketplace services or of the bucket; undefined where no harmless read tests it. */
export function probeOf(
  aws: Aws,
  connection: Connection,
  permission: string,
): (() => Promise<string>) | undefined {
  const probe = permission.startsWith('s3:') ? bucketProbe(connection, permission) : probes[permission]
  if (probe === undefined) return undefined
  return async () => {
    const clients = await aws.clients(connection)
    await aws.guard(connection, probe.call, async (abortSignal) => {
      try {
        await probe.send(clients, abortSignal)
      } catch (error) {
        if (!isNoSuchThing(error, probe.call)) throw error
      }
    })
    return probe.seen
  }
}

/** AWS looked, and there is nothing; a bucket that is not there is told as it is. */
function isNoSuchThing(error: unknown, call: string): boolean {
  const fault = toFault(error, call)
  if (!(fault instanceof Fault) || fault.cloudCode === 'NoSuchBucket') return false
  if (call.startsWith('List') && call !== 'ListAgreementInvoiceLineItems') return false
  return call !== 'SearchAgreements' && (fault.code === 'not_found' || fault.code === 'invalid')
}

function bucketProbe({ settings }: Connection, permission: string): Probe | undefined {
  const { feed_bucket: Bucket, feed_prefix = '' } = settings
  if (!Bucket) return undefined
  if (permission === 's3:ListBucket') {
    return {
      call: 'ListObjectsV2',
      seen: `The bucket ${Bucket} can be listed`,
      send: async (clients, abortSignal) => {
        const { ListObjectsV2Command } = await import('../wire/s3.ts')
        const command = new ListObjectsV2Command({ Bucket, MaxKeys: 1 })
        return (await clients.storage()).send(command, { abortSignal })
      },
    }
  }
  const folder = feed_prefix.replace(/\/+$/, '')
  const Key = `${folder === '' ? '' : `${folder}/`}syndic-test-of-the-permission`
  return {
    call: 'GetObject',
    seen: NOTHING_THERE,
    send: async (clients, abortSignal) => {
      const { GetObjectCommand } = await import('../wire/s3.ts')
      return (await clients.storage()).send(new GetObjectCommand({ Bucket, Key }), { abortSignal })
    },
  }
}
