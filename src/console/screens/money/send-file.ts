import { ApiProblem, type Schemas } from '../../../client/index.ts'
import { chosenOrganisation } from '../../api.ts'

type Statement = Schemas['Statement']

/** What a file is of: a bank account, or a connection. */
export type Whose = { bank_account: string } | { connection_id: string }

/** The largest file the service takes, in bytes. */
export const FILE_BYTES_MAX = 64 * 1024 * 1024

/**
 * Sends a file and tells how much of it is out, which only the browser's older interface says. The same file again
 * changes nothing, so it needs no key. Throws ApiProblem for a refusal.
 */
export function sendFile(file: File, whose: Whose, told: (part: number) => void): Promise<Statement> {
  const query = new URLSearchParams({ name: file.name, ...whose })
  if ('bank_account' in whose) query.set('source', 'bank')
  const organisation = chosenOrganisation()
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/v1/statements?${query}`)
    request.setRequestHeader('content-type', 'text/csv')
    if (organisation !== undefined) request.setRequestHeader('syndic-organisation', organisation)
    request.upload.onprogress = ({ loaded, total }) => told(total === 0 ? 1 : loaded / total)
    request.onload = () => {
      const answer = read(request.responseText)
      if (request.status < 300 && answer !== undefined) resolve(answer as Statement)
      else reject(problem(request.status, answer))
    }
    request.onerror = () => reject(new TypeError('The connection was lost'))
    request.send(file)
  })
}

function read(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function problem(status: number, answer: unknown): Error {
  if (typeof answer !== 'object' || answer === null || !('detail' in answer))
    return new TypeError(`The service answered ${status}`)
  // What is not taken is answered with a problem, which has a detail.
  return new ApiProblem(answer as Schemas['Problem'])
}
