import type { Exchange } from '../record.ts'
import type { Call } from './route.ts'

// Tokens and secrets of this cloud never reach the record.

const secretFields = /("?(?:client_secret|access_token|client_assertion)"?\s*[:=]\s*"?)[^"&,}]+/g

/** An exchange as the record may keep it. */
export function recorded(call: Call, response: Exchange['response']): Exchange {
  const headers = new Headers(call.request.headers)
  headers.delete('x-ms-marketplace-token')
  const url = new URL(call.request.url)
  if (url.searchParams.has('sig')) url.searchParams.set('sig', 'left-out')
  const clean = (text: string) =>
    text.replace(secretFields, '$1(left out)').replace(/([?&]sig=)[^"&\s]+/g, '$1left-out')
  return {
    cloud: 'azure',
    service: call.service,
    operation: call.operation,
    request: { method: call.request.method, url: url.toString(), headers, body: clean(call.body) },
    response: { ...response, body: clean(response.body) },
  }
}
