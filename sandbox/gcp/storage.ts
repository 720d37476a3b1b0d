import { createHash } from 'node:crypto'
import { iso } from '../time.ts'
import { GcpError, notFound } from './errors.ts'
import type { Report } from './finance-model.ts'
import type { JsonObject, Provider } from './model.ts'
import { paged } from './paging.ts'
import type { ApiCall } from './procurement.ts'
import type { World } from './world.ts'

// As much of Cloud Storage as reading the bucket needs that a provider chose for its reports.

export function reportBucket(provider: Provider): string {
  return `${provider.account_id}-marketplace-reports`
}

const pattern = /^\/storage\/v1\/b\/([^/]+)\/o(?:\/(.+))?$/

export function storageOperation(path: string): string {
  const found = pattern.exec(path)
  if (!found) return 'unknown'
  return found[2] === undefined ? 'objects.list' : 'objects.get'
}

export function storageRequest(world: World, provider: Provider, call: ApiCall): Response {
  const [, bucket, name] = pattern.exec(call.path) ?? []
  if (bucket === undefined || call.method !== 'GET') throw notFound(call.path)
  if (bucket !== reportBucket(provider)) {
    const message = `${provider.client_email} does not have storage.objects.list access to the bucket.`
    throw new GcpError('PERMISSION_DENIED', message, 'IAM_PERMISSION_DENIED')
  }
  const objects = world.reports
    .all()
    .filter((report) => report.account_id === provider.account_id)
    .map((report) => ({ name: `${report.kind}/${report.name}.csv`, report }))
    .sort((left, right) => (left.name < right.name ? -1 : 1))
  if (name !== undefined) return object(objects, bucket, name, call.query.get('alt') === 'media')
  const prefix = call.query.get('prefix') ?? ''
  const query = new URLSearchParams(call.query)
  query.set('pageSize', call.query.get('maxResults') ?? '')
  const matching = objects.filter((item) => item.name.startsWith(prefix))
  const { items, next } = paged(matching, query, 1000, 1000)
  const shown = items.map((item) => metadata(bucket, item.name, item.report))
  return Response.json({ kind: 'storage#objects', ...next, ...(shown.length > 0 ? { items: shown } : {}) })
}

function object(
  objects: { name: string; report: Report }[],
  bucket: string,
  name: string,
  media: boolean,
): Response {
  const found = objects.find((item) => item.name === name)
  if (!found) throw notFound(`${bucket}/${name}`)
  if (!media) return Response.json(metadata(bucket, name, found.report))
  return new Response(found.report.body, { headers: { 'content-type': 'text/csv' } })
}

function metadata(bucket: string, name: string, report: Report): JsonObject {
  const generation = String(report.created_at * 1_000)
  return {
    kind: 'storage#object',
    id: `${bucket}/${name}/${generation}`,
    name,
    bucket,
    generation,
    contentType: 'text/csv',
    size: String(Buffer.byteLength(report.body)),
    md5Hash: createHash('md5').update(report.body).digest('base64'),
    etag: Buffer.from(generation).toString('base64'),
    timeCreated: iso(report.created_at),
    updated: iso(report.created_at),
  }
}
