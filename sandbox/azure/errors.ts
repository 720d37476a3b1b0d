import type { IngestionError, Json } from './model.ts'

/** A refusal in the cloud's own words: a status and the body it comes with. */
export class AzureError extends Error {
  readonly status: number
  readonly body: { [key: string]: Json } | undefined
  readonly headers: Record<string, string>

  constructor(
    status: number,
    body: { [key: string]: Json } | undefined,
    headers: Record<string, string> = {},
  ) {
    super(JSON.stringify(body ?? status))
    this.name = 'AzureError'
    this.status = status
    this.body = body
    this.headers = headers
  }
}

/** The fulfilment API's usual shape. */
export function fulfilmentError(status: number, code: string, message: string, target = ''): AzureError {
  return new AzureError(status, { code, message, target, details: [] })
}

export type ErrorDetail = { message: string; target: string; code: string }

/** The metering API's 400. */
export function usageError(details: ErrorDetail[]): AzureError {
  return new AzureError(400, {
    message: 'One or more errors have occurred.',
    target: 'usageEventRequest',
    details,
    code: 'BadArgument',
  })
}

/** The ingestion, payout and management APIs wrap their errors. */
export function wrappedError(
  status: number,
  code: string,
  message: string,
  details: Json[] = [],
): AzureError {
  return new AzureError(status, { error: { code, message, details } })
}

export function ingestionError(
  code: string,
  message: string,
  resourceId?: string,
  details: IngestionError[] = [],
): IngestionError {
  return { ...(resourceId ? { resourceId } : {}), code, message, details }
}
