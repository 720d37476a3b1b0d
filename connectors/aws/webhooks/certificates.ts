/** The certificates SNS signs with: where they may come from, and the keys in them, kept after the first use. */
import { importX509 } from 'jose'
import { Fault } from '../../../src/core/fault.ts'
import type { Connection } from '../../connector.ts'
import type { Aws } from '../clients.ts'
import { isFaultOf } from '../faults.ts'
import { visit } from './pages.ts'

const CERTIFICATE_CHARACTERS_MAX = 16 * 1024
const KEYS_MAX = 50

type SignatureVersion = '1' | '2'

export function createCertificates(aws: Aws) {
  const keys = new Map<string, CryptoKey>()
  const own = aws.parts.config.endpoints.sns

  /** Https at SNS in that region and nothing else; with a sandbox, the sandbox's own address and nothing else. */
  function isAllowed(address: string, region: string | undefined, ending = ''): boolean {
    const url = URL.canParse(address) ? new URL(address) : undefined
    if (url === undefined || url.username !== '' || url.password !== '' || url.hash !== '') return false
    if (!url.pathname.endsWith(ending)) return false
    if (own !== undefined) return url.origin === new URL(own).origin
    if (region === undefined || !/^[a-z0-9-]{3,32}$/.test(region)) return false
    const hosts = [
      `sns.${region}.amazonaws.com`,
      ...(region.startsWith('cn-') ? [`sns.${region}.amazonaws.com.cn`] : []),
    ]
    return url.protocol === 'https:' && url.port === '' && hosts.includes(url.hostname)
  }

  /** The key of a certificate, or the reason why there is none. A network failure is thrown: the message may come again. */
  async function keyFor(
    connection: Connection,
    address: string,
    version: SignatureVersion,
  ): Promise<CryptoKey | string> {
    const name = `${version} ${address}`
    const kept = keys.get(name)
    if (kept !== undefined) return kept
    const key = await fetchKey(connection, address, version)
    if (typeof key !== 'string') {
      const oldest = keys.keys().next().value
      if (keys.size >= KEYS_MAX && oldest !== undefined) keys.delete(oldest)
      keys.set(name, key)
    }
    return key
  }

  async function fetchKey(connection: Connection, address: string, version: SignatureVersion) {
    try {
      const call = 'GetSigningCertificate'
      const pem = await aws.guard(connection, call, (signal) => visit(aws, call, address, signal))
      return await keyOf(pem.slice(0, CERTIFICATE_CHARACTERS_MAX), version)
    } catch (error) {
      if (isFaultOf(error, 'not_found', 'invalid')) return 'There is no signing certificate at that address'
      throw error
    }
  }

  return { isAllowed, keyFor }
}

/**
 * Version 1 signs with SHA-1, version 2 with SHA-256; the certificate holds the same kind of key for both. AWS's own
 * address gives certificates: what is none is an answer that broke, and no word against the message.
 */
async function keyOf(pem: string, version: SignatureVersion): Promise<CryptoKey> {
  try {
    const key = await importX509(pem, 'RS256', { extractable: true })
    if (version === '2') return key
    const spki = await crypto.subtle.exportKey('spki', key)
    return await crypto.subtle.importKey('spki', spki, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-1' }, false, [
      'verify',
    ])
  } catch {
    throw new Fault('unreadable_reply', 'The signing certificate cannot be read')
  }
}
