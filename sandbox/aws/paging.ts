/** Page tokens carry an offset in an opaque coat; anything else is refused by the caller. */
export function readPage(token: string | undefined): number | undefined {
  if (token === undefined) return 0
  const text = Buffer.from(token, 'base64url').toString()
  const found = /^offset:(\d+)$/.exec(text)
  return found ? Number(found[1]) : undefined
}

export function page<T>(items: T[], offset: number | undefined, size: number): { items: T[]; next?: string } {
  const start = offset ?? 0
  const slice = items.slice(start, start + size)
  if (start + size >= items.length) return { items: slice }
  return { items: slice, next: Buffer.from(`offset:${start + size}`).toString('base64url') }
}
