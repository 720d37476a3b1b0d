import { minute, second } from '../time.ts'
import { wrappedError } from './errors.ts'
import { exportFile, exportRows, readFilter } from './export-files.ts'
import type { ExportRequest } from './finance-model.ts'
import type { Answer, Call, Route } from './route.ts'
import { longIso, type World } from './world.ts'

// Payout exports: asked for, made after a while, fetched from a signed address.

/** In the cloud this takes up to a day. */
const processingAfter = 10 * second
const completedAfter = 2 * minute

function view(world: World, request: ExportRequest) {
  const done = request.status === 'Completed'
  const blob = `${world.origin()}/azure/payouts/files/${request.id}.${request.format}?sig=${request.signature}`
  return {
    requestId: request.id,
    requestDateTime: longIso(request.requested_at),
    requestPath: `/v1.0/payouts/${request.kind}`,
    requestQueryString: request.filter,
    blobLocation: done ? blob : '',
    status: request.status,
  }
}

function page(world: World, requests: ExportRequest[]) {
  return {
    value: requests.map((request) => view(world, request)),
    nextLink: null,
    totalCount: requests.length,
  }
}

function start(kind: ExportRequest['kind']) {
  return (call: Call): Answer => {
    const { world, caller } = call
    if (caller.role === 'customer') throw wrappedError(403, 'forbidden', 'Only a seller has payouts.')
    const filter = call.url.searchParams.get('$filter') ?? ''
    const format = call.url.searchParams.get('fileFormat') ?? 'csv'
    if (format !== 'csv' && format !== 'tsv')
      throw wrappedError(400, 'badRequest', 'fileFormat is csv or tsv.')
    readFilter(kind, filter)
    const id = world.random.uuid()
    const request = world.exports.put(id, {
      id,
      owner: caller.account_id,
      kind,
      filter,
      format,
      requested_at: world.clock.now(),
      status: 'Queued',
      signature: world.random.text(43, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'),
    })
    world.schedule.plan(`azure/export/${id}`, world.clock.now() + processingAfter, 'azure_export', id)
    return { status: 202, body: page(world, [request]) }
  }
}

/** Queued, processing, completed. The file shows what is known when it is completed. */
export function advanceExport(world: World, id: string): void {
  const request = world.exports.get(id)
  if (!request) return
  if (request.status === 'Queued') {
    world.exports.put(id, { ...request, status: 'Processing' })
    world.schedule.plan(`azure/export/${id}`, request.requested_at + completedAfter, 'azure_export', id)
    return
  }
  const rows = exportRows(world, request.owner, request.kind, readFilter(request.kind, request.filter))
  world.exports.put(id, { ...request, status: 'Completed', body: exportFile(request, rows) })
}

function own(call: Call, kind: ExportRequest['kind']): ExportRequest {
  const found = call.world.exports.get(call.parameters.id ?? '')
  if (found?.owner !== call.caller.account_id || found.kind !== kind) {
    throw wrappedError(404, 'notFound', 'There is no such export request.')
  }
  return found
}

/** The signed address needs no token. */
function file({ world, parameters, url }: Call): Answer {
  const request = world.exports.get((parameters.file ?? '').replace(/\.(csv|tsv)$/, ''))
  if (request?.status !== 'Completed') throw wrappedError(404, 'BlobNotFound', 'The blob does not exist.')
  if (url.searchParams.get('sig') !== request.signature) {
    throw wrappedError(403, 'AuthenticationFailed', 'The signature of the address is not valid.')
  }
  const type = request.format === 'csv' ? 'text/csv' : 'text/tab-separated-values'
  return { status: 200, raw: request.body ?? '', headers: { 'content-type': `${type}; charset=utf-8` } }
}

const kinds = ['transactionhistory', 'payments'] as const
const names = { transactionhistory: 'TransactionHistory', payments: 'Payments' }
export const payoutRoutes: Route[] = [
  { method: 'GET', path: '/files/:file', operation: 'GetFile', open: true, run: file },
  ...kinds.flatMap((kind): Route[] => [
    { method: 'POST', path: `/${kind}`, operation: `Export${names[kind]}`, run: start(kind) },
    {
      method: 'GET',
      path: `/${kind}`,
      operation: `List${names[kind]}`,
      run: ({ world, caller }) => ({
        status: 200,
        body: page(
          world,
          world.exports.all().filter((item) => item.owner === caller.account_id && item.kind === kind),
        ),
      }),
    },
    {
      method: 'GET',
      path: `/${kind}/:id`,
      operation: `Get${names[kind]}`,
      run: (call) => ({ status: 200, body: page(call.world, [own(call, kind)]) }),
    },
    {
      method: 'DELETE',
      path: `/${kind}/:id`,
      operation: `Delete${names[kind]}`,
      run: (call) => {
        call.world.exports.remove(own(call, kind).id)
        return { status: 204 }
      },
    },
  ]),
]
