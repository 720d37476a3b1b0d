/** Text as XML content. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** `<name>…</name>`; children are XML already, text is escaped by the caller. */
export function element(name: string, ...children: string[]): string {
  return `<${name}>${children.join('')}</${name}>`
}

export function xmlResponse(status: number, body: string, headers: Record<string, string> = {}): Response {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n${body}`
  return new Response(text, { status, headers: { 'content-type': 'application/xml', ...headers } })
}
