import { createSign } from 'node:crypto'
import { newRsaKeys } from './rsa.ts'

// A self-signed X.509 certificate, written as DER by hand: it is one fixed structure around a public key.

function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const hex = body.length.toString(16)
  const length = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body])
}

const sequence = (...parts: Buffer[]) => der(0x30, ...parts)
const objectId = (hex: string) => der(0x06, Buffer.from(hex, 'hex'))
const bits = (content: Buffer) => der(0x03, Buffer.from([0]), content)
const time = (text: string) => der(0x18, Buffer.from(text))

const sha256WithRsa = sequence(objectId('2a864886f70d01010b'), der(0x05))

function name(commonName: string): Buffer {
  return sequence(der(0x31, sequence(objectId('550403'), der(0x0c, Buffer.from(commonName)))))
}

/** An RSA key and its certificate, both as PEM, good from 2020 to 2099 whatever the sandbox's clock shows. */
export function selfSigned(
  commonName: string,
  { publicKey, privateKey } = newRsaKeys(),
): { certificate: string; private_key: string } {
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    sha256WithRsa,
    name(commonName),
    sequence(time('20200101000000Z'), time('20991231000000Z')),
    name(commonName),
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  const signature = createSign('RSA-SHA256').update(body).sign(privateKey)
  const certificate = sequence(body, sha256WithRsa, bits(signature)).toString('base64')
  const lines = (certificate.match(/.{1,64}/g) ?? []).join('\n')
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}
