// Tokens of messages, forged: what a stranger can do with a true one.
import { generateKeyPairSync, sign } from 'node:crypto'
import type { InboundRequest } from '../../../connectors/connector.ts'
import { given } from '../claims.ts'
import type { Messages } from '../world.ts'

/** Forgeries of messages that prove themselves with a bearer token, alike for every cloud that has them. */
export const forgedTokens: Messages['forged'] = {
  unproved: async ({ headers: { authorization: _, ...headers }, body }) => ({ headers, body }),
  signature: async (message) => {
    const { head, claims, signature } = partsOf(message)
    const [first = ''] = signature
    return bearing(message, `${head}.${claims}.${first === 'A' ? 'B' : 'A'}${signature.slice(1)}`)
  },
  content: async (message) => {
    const { head, claims, signature } = partsOf(message)
    return bearing(message, `${head}.${encoded({ ...decoded(claims), more: true })}.${signature}`)
  },
  key: async (message) => {
    const { head, claims } = partsOf(message)
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const signature = sign('sha256', Buffer.from(`${head}.${claims}`), privateKey).toString('base64url')
    return bearing(message, `${head}.${claims}.${signature}`)
  },
  algorithm: async (message) => {
    const { head, claims, signature } = partsOf(message)
    return bearing(message, `${encoded({ ...decoded(head), alg: 'none' })}.${claims}.${signature}`)
  },
}

function partsOf({ headers }: InboundRequest) {
  const [head = '', claims = '', signature = ''] =
    given(headers.authorization, 'token').split(' ')[1]?.split('.') ?? []
  return { head, claims, signature }
}

function bearing(message: InboundRequest, token: string): InboundRequest {
  return { ...message, headers: { ...message.headers, authorization: `Bearer ${token}` } }
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** A part of a token that the sandbox signed: an object of JSON. */
function decoded(part: string): object {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as object
}
