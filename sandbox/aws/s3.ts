import { createHash } from 'node:crypto'
import { iso } from '../time.ts'
import { AwsError } from './errors.ts'
import { page, readPage } from './paging.ts'
import type { World } from './world.ts'
import { element, escaped, xmlResponse } from './xml.ts'

// The buckets the data feeds are written to, for reading only, with path-style addresses.

export function s3Operation(method: string, path: string, query: URLSearchParams): string {
  const [, key = ''] = splitPath(path)
  if (key === '') {
    if (method === 'HEAD') return 'HeadBucket'
    return query.get('list-type') === '2' && method === 'GET' ? 'ListObjectsV2' : 'Unknown'
  }
  return method === 'HEAD' ? 'HeadObject' : method === 'GET' ? 'GetObject' : 'Unknown'
}

function splitPath(path: string): [string, string] {
  const [bucket = '', ...rest] = path.replace(/^\//, '').split('/')
  return [decodeURIComponent(bucket), rest.map(decodeURIComponent).join('/')]
}

export function s3Request(
  world: World,
  account: string,
  request: Request,
  path: string,
  operation: string,
): Response {
  const [bucket, key] = splitPath(path)
  const owner = world.accounts.all().find((candidate) => candidate.feed_bucket === bucket)
  if (!owner) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404)
  if (owner.account_id !== account) throw new AwsError('AccessDenied', 'Access Denied', 403)
  switch (operation) {
    case 'HeadBucket':
      return new Response(null, { status: 200, headers: { 'x-amz-bucket-region': 'us-east-1' } })
    case 'ListObjectsV2':
      return listObjects(world, bucket, new URL(request.url).searchParams)
    case 'GetObject':
    case 'HeadObject':
      return getObject(world, bucket, key, request, operation === 'HeadObject')
    default:
      throw new AwsError('NotImplemented', 'The sandbox only reads the feed buckets.', 501)
  }
}

function etag(body: string): string {
  return `"${createHash('md5').update(body).digest('hex')}"`
}

function listObjects(world: World, bucket: string, query: URLSearchParams): Response {
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const after = query.get('start-after') ?? ''
  const size = Math.min(Number(query.get('max-keys') ?? 1000), 1000)
  const offset = readPage(query.get('continuation-token') ?? undefined)
  if (offset === undefined)
    throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect', 400)
  const keys = world.objects
    .entries()
    .filter(([path]) => path.startsWith(`${bucket}/${prefix}`))
    .map(([path, value]) => ({ key: path.slice(bucket.length + 1), ...value }))
    .filter(({ key }) => key > after)
    .sort((left, right) => (left.key < right.key ? -1 : 1))
  const grouped = (key: string) => {
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    return end < 0 ? undefined : key.slice(0, end + delimiter.length)
  }
  const prefixes = [...new Set(keys.flatMap(({ key }) => grouped(key) ?? []))]
  const plain = keys.filter(({ key }) => grouped(key) === undefined)
  const { items, next } = page(plain, offset, size)
  const contents = items.map(({ key, body, modified_at }) =>
    element(
      'Contents',
      element('Key', escaped(key)),
      element('LastModified', iso(modified_at)),
      element('ETag', escaped(etag(body))),
      element('Size', String(Buffer.byteLength(body))),
      element('StorageClass', 'STANDARD'),
    ),
  )
  const groups = prefixes.map((group) => element('CommonPrefixes', element('Prefix', escaped(group))))
  const head = [
    element('Name', escaped(bucket)),
    element('Prefix', escaped(prefix)),
    element('KeyCount', String(items.length + prefixes.length)),
    element('MaxKeys', String(size)),
    element('IsTruncated', String(next !== undefined)),
    ...(next === undefined ? [] : [element('NextContinuationToken', escaped(next))]),
  ]
  const inner = [...head, ...contents, ...groups].join('')
  return xmlResponse(
    200,
    `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</ListBucketResult>`,
  )
}

function getObject(world: World, bucket: string, key: string, request: Request, head: boolean): Response {
  const found = world.objects.get(`${bucket}/${key}`)
  if (!found) {
    if (head) return new Response(null, { status: 404 })
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key })
  }
  const bytes = Buffer.from(found.body)
  const tag = etag(found.body)
  const headers: Record<string, string> = {
    'accept-ranges': 'bytes',
    'content-type': 'text/csv',
    etag: tag,
    'last-modified': new Date(found.modified_at).toUTCString(),
  }
  if (request.headers.get('if-none-match') === tag) return new Response(null, { status: 304, headers })
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get('range') ?? '')
  if (!range) {
    headers['content-length'] = String(bytes.length)
    return new Response(head ? null : bytes, { status: 200, headers })
  }
  const [first, last] = bounds(range[1] ?? '', range[2] ?? '', bytes.length)
  if (first > last || first >= bytes.length) {
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416)
  }
  headers['content-range'] = `bytes ${first}-${last}/${bytes.length}`
  headers['content-length'] = String(last - first + 1)
  return new Response(head ? null : bytes.subarray(first, last + 1), { status: 206, headers })
}

function bounds(from: string, to: string, length: number): [number, number] {
  if (from === '') return [Math.max(0, length - Number(to)), length - 1]
  return [Number(from), to === '' ? length - 1 : Math.min(Number(to), length - 1)]
}
