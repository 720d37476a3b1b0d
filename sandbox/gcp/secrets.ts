const secretNames = new Set(['access_token', 'id_token', 'refresh_token', 'private_key', 'inlineContent'])

/** A body without what must not reach a record: tokens, assertions, keys and the bytes of documents. */
export function safeBody(text: string): string {
  if (text.includes('assertion=')) return text.replace(/(assertion=)[^&]*/g, '$1(left out)')
  try {
    const cleaned: unknown = JSON.parse(text, (name, value: unknown) =>
      secretNames.has(name) ? '(left out)' : value,
    )
    return JSON.stringify(cleaned)
  } catch {
    return text
  }
}
