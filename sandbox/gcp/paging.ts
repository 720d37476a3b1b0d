import { invalidField } from './errors.ts'

/** Google coerces a page size that is too large and refuses a negative one. */
export function paged<T>(items: T[], query: URLSearchParams, usual: number, most: number) {
  const wanted = Number(query.get('pageSize') ?? query.get('page_size') ?? 0)
  if (!Number.isInteger(wanted) || wanted < 0) throw invalidField('page_size', 'must not be negative')
  const size = Math.min(wanted === 0 ? usual : wanted, most)
  const token = query.get('pageToken') ?? query.get('page_token') ?? ''
  const start =
    token === '' ? 0 : Number(/^offset:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1])
  if (Number.isNaN(start)) throw invalidField('page_token', 'is not a token of this list')
  const end = start + size
  const next = end < items.length ? { nextPageToken: Buffer.from(`offset:${end}`).toString('base64url') } : {}
  return { items: items.slice(start, end), next }
}
