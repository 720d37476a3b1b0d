// A key service on loopback as small as can be: it speaks as much of the KMS protocol as the real client asks for.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'

export type FakeKms = {
  url: string
  /** What was asked for, in order. */
  asked: string[]
  /** Answers everything with this until it is taken away again. */
  fails: { status: number; type: string } | undefined
  stop(): Promise<void>
}

export const KEY_ARN = 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555'

type Asked = {
  KeyId?: string
  Plaintext?: string
  CiphertextBlob?: string
  EncryptionContext?: Record<string, string>
}

/** Starts it with a key of its own. Stop it when done. */
export async function startKms(): Promise<FakeKms> {
  const key = randomBytes(32)
  const fake: Pick<FakeKms, 'asked' | 'fails'> = { asked: [], fails: undefined }
  const bound = ({ KeyId, EncryptionContext }: Asked) =>
    Buffer.from(JSON.stringify([KeyId, Object.entries(EncryptionContext ?? {}).sort()]))
  const answer = (action: string, asked: Asked): unknown => {
    if (asked.KeyId !== KEY_ARN) return undefined
    if (action === 'Encrypt') {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(bound(asked))
      const text = Buffer.concat([cipher.update(asked.Plaintext ?? '', 'base64'), cipher.final()])
      const blob = Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64')
      return { CiphertextBlob: blob, KeyId: KEY_ARN }
    }
    const blob = Buffer.from(asked.CiphertextBlob ?? '', 'base64')
    const decipher = createDecipheriv('aes-256-gcm', key, blob.subarray(0, 12)).setAAD(bound(asked))
    decipher.setAuthTag(blob.subarray(12, 28))
    const plain = Buffer.concat([decipher.update(blob.subarray(28)), decipher.final()])
    return { Plaintext: plain.toString('base64'), KeyId: KEY_ARN }
  }
  const server = createServer(async (request, response) => {
    const action = String(request.headers['x-amz-target'] ?? '').replace('TrentService.', '')
    fake.asked.push(action)
    const send = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
    const body = await read(request)
    if (!/^AWS4-HMAC-SHA256 Credential=/.test(request.headers.authorization ?? '')) {
      return send(400, { __type: 'MissingAuthenticationTokenException' })
    }
    if (fake.fails !== undefined) return send(fake.fails.status, { __type: fake.fails.type })
    try {
      const found = answer(action, JSON.parse(body) as Asked)
      return found === undefined ? send(400, { __type: 'NotFoundException' }) : send(200, found)
    } catch {
      return send(400, { __type: 'InvalidCiphertextException' })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  return Object.assign(fake, {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}
