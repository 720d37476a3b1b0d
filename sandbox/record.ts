import { appendFileSync } from 'node:fs'

export type Exchange = {
  cloud: string
  service: string
  operation: string
  request: { method: string; url: string; headers: Headers; body: string }
  response: { status: number; headers: Headers; body: string }
}

export type Recorder = (exchange: Exchange) => void

/** Headers and fields that carry a secret or a signature never reach the record. */
const secretHeaders = new Set(['authorization', 'x-amz-security-token', 'cookie', 'set-cookie'])
const secretFields = new Set(['SecretAccessKey', 'SessionToken', 'secret_access_key', 'RegistrationToken'])

/** Appends each exchange as one JSON line. */
export function createRecorder(file: string | undefined): Recorder {
  if (file === undefined) return () => undefined
  return (exchange) => {
    const { request, response, ...names } = exchange
    const line = {
      ...names,
      request: {
        ...request,
        url: cleanUrl(request.url),
        headers: shown(request.headers),
        body: parsed(request.body),
      },
      response: { status: response.status, headers: shown(response.headers), body: parsed(response.body) },
    }
    appendFileSync(file, `${JSON.stringify(line)}\n`)
  }
}

function shown(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => !secretHeaders.has(name)))
}

function cleanUrl(url: string): string {
  const parsedUrl = new URL(url)
  for (const name of ['X-Amz-Signature', 'X-Amz-Security-Token']) parsedUrl.searchParams.delete(name)
  return parsedUrl.toString()
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body, (key, value: unknown) => (secretFields.has(key) ? '(left out)' : value))
  } catch {
    return body.replace(/<(SecretAccessKey|SessionToken)>[^<]*</g, '<$1>(left out)<')
  }
}
