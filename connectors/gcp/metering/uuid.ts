/** UUIDs made from names (RFC 9562, version 5): the same name always gives the same id. */

/** Our own namespace, chosen once and never changed: operations that are sent again must keep their ids. */
const NAMESPACE = '6f0a5b52-9d0e-5a2b-8f53-0c1f6f2f7a11'

export async function uuidOf(name: string): Promise<string> {
  const space = Uint8Array.from(NAMESPACE.replaceAll('-', '').match(/../g) ?? [], (pair) =>
    Number.parseInt(pair, 16),
  )
  const text = new TextEncoder().encode(name)
  const whole = new Uint8Array(space.length + text.length)
  whole.set(space)
  whole.set(text, space.length)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-1', whole)).slice(0, 16)
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
