/**
 * The payout exports. One is asked for, is made within a day, and is then fetched from an address that carries its own
 * signature. Microsoft documents them for people's own sign-in only; a connection says that it may have them.
 */
import { z } from 'zod'
import { Fault } from '../../../src/core/fault.ts'
import type { Connection } from '../../connector.ts'
import { type Azure, path } from '../clients.ts'
import { missing, shaped } from '../faults.ts'
import { isAllowedLink } from '../wire/links.ts'

export const exportKinds = ['transactionhistory', 'payments'] as const
export type ExportKind = (typeof exportKinds)[number]
export type ExportRequest = { kind: ExportKind; id: string }
export type Export = { state: 'open' | 'done' | 'failed'; requested_at: Date | null; location: string | null }

export function exportsPayouts({ settings }: Connection): boolean {
  return settings.payout_exports === 'yes'
}

const text = z.string().nullish().catch(null)
const replyShape = z.looseObject({
  value: z
    .array(
      z.looseObject({
        requestId: z.string().min(1),
        status: text,
        requestDateTime: text,
        blobLocation: text,
      }),
    )
    .min(1),
})

/** `from` is the first day of the earnings asked for; payments are asked for whole. */
export async function askExport(
  azure: Azure,
  connection: Connection,
  kind: ExportKind,
  from: string,
  until: string,
): Promise<ExportRequest> {
  const call = kind === 'payments' ? 'ExportPayments' : 'ExportTransactionHistory'
  const filter = `earningForDate ge ${from} and earningForDate le ${until}`
  const { body } = await azure.call(connection, 'payouts', {
    call,
    method: 'POST',
    path: path(kind),
    query: { ...(kind === 'payments' ? {} : { $filter: filter }), fileFormat: 'csv' },
  })
  const id = shaped(replyShape, body, call).value[0]?.requestId
  if (id === undefined) throw missing(call, 'requestId', body)
  return { kind, id }
}

export async function readExport(
  azure: Azure,
  connection: Connection,
  request: ExportRequest,
): Promise<Export> {
  const call = 'GetExport'
  const { body } = await azure.call(connection, 'payouts', { call, path: path(request.kind, request.id) })
  const found = shaped(replyShape, body, call).value.find(({ requestId }) => requestId === request.id)
  if (found === undefined) throw missing(call, 'such request', { requested: request.id })
  const asked = new Date(found.requestDateTime ?? '')
  const requested_at = Number.isNaN(asked.getTime()) ? null : asked
  switch (found.status) {
    case 'Queued':
    case 'Processing':
      return { state: 'open', requested_at, location: null }
    case 'Completed':
      return { state: 'done', requested_at, location: found.blobLocation || null }
    case 'Failed':
      return { state: 'failed', requested_at, location: null }
    default:
      // The location is a secret of its own and stays out of the evidence.
      throw missing(call, 'status that we know', { status: found.status })
  }
}

/** The file itself. No token goes there, and nowhere but to a storage account. */
export async function exportLocation(
  azure: Azure,
  connection: Connection,
  request: ExportRequest,
): Promise<string> {
  const { state, location } = await readExport(azure, connection, request)
  if (state !== 'done' || location === null)
    throw new Fault('not_found', `The export ${request.id} has no file`)
  if (!isAllowedLink('exports', location, azure.parts.config.endpoints.payouts))
    throw new Fault('forbidden', 'GetExport: the service named a file on another host')
  return location
}
