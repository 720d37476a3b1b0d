// AWS KMS as the keeper of the installation's sealing keys. It has nothing to do with any tenant's account: the key and
// the right to use it are the operator's.
import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms'
import { Fault } from '../../../src/core/fault.ts'
import type { KeyService } from '../../../src/core/key-service.ts'

export type KmsSettings = {
  /** The key's ARN, which names its region too. */
  key_arn: string
  /** undefined: the public one of the region. */
  endpoint: string | undefined
  /** undefined: what the SDK finds by itself on Node, such as the machine's role. */
  credentials: { access_key_id: string; secret_access_key: string } | undefined
}

/** KMS refuses to unwrap what was wrapped with another context, so nothing else wrapped under the key gets in here. */
const CONTEXT = { 'syndic:use': 'sealing-key' }
const TIMEOUT_MS = 10_000

/** Wraps and unwraps with a symmetric key of KMS. */
export function kmsKeyService({ key_arn, endpoint, credentials }: KmsSettings): KeyService {
  const client = new KMSClient({
    region: key_arn.split(':')[3] ?? '',
    maxAttempts: 3,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined
      ? {}
      : {
          credentials: {
            accessKeyId: credentials.access_key_id,
            secretAccessKey: credentials.secret_access_key,
          },
        }),
  })
  const request = { KeyId: key_arn, EncryptionContext: CONTEXT }
  return {
    wrap: (plain) =>
      asked(async () => {
        const command = new EncryptCommand({ ...request, Plaintext: plain })
        return (await client.send(command, { abortSignal: AbortSignal.timeout(TIMEOUT_MS) })).CiphertextBlob
      }),
    unwrap: (wrapped) =>
      asked(async () => {
        const command = new DecryptCommand({ ...request, CiphertextBlob: wrapped })
        return (await client.send(command, { abortSignal: AbortSignal.timeout(TIMEOUT_MS) })).Plaintext
      }),
  }
}

async function asked(work: () => Promise<Uint8Array | undefined>): Promise<Uint8Array> {
  let answer: Uint8Array | undefined
  try {
    answer = await work()
  } catch (error) {
    // Its name says what was wrong; its message may repeat what was sent.
    const name = error instanceof Error ? error.name : 'unknown'
    throw new Fault('unavailable', `The key service refused or did not answer: ${name}`)
  }
  if (answer === undefined) throw new Fault('unavailable', 'The key service answered without a key')
  return answer
}
