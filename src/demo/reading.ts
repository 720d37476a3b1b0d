// What the verdict reads from the API: lists in all of their pages.
import { type Client, type Schemas, unwrap } from '../client/index.ts'

type Page<T> = { items: T[]; next: string | null }

async function readAll<T>(read: (cursor: { cursor?: string }) => Promise<Page<T>>): Promise<T[]> {
  const found: T[] = []
  let cursor: string | null = null
  do {
    const page: Page<T> = await read(cursor === null ? {} : { cursor })
    found.push(...page.items)
    cursor = page.next
  } while (cursor !== null)
  return found
}

/** Every account whose name starts with a prefix. */
export function readAccounts(client: Client, prefix: string): Promise<Schemas['LedgerAccount'][]> {
  return readAll(async (cursor) =>
    unwrap(await client.GET('/v1/ledger/accounts', { params: { query: { prefix, limit: 100, ...cursor } } })),
  )
}

export function readEntries(client: Client): Promise<Schemas['LedgerEntry'][]> {
  return readAll(async (cursor) =>
    unwrap(await client.GET('/v1/ledger/entries', { params: { query: { limit: 200, ...cursor } } })),
  )
}

export function readAgreements(client: Client): Promise<Schemas['Agreement'][]> {
  return readAll(async (cursor) =>
    unwrap(await client.GET('/v1/agreements', { params: { query: { limit: 100, ...cursor } } })),
  )
}

export async function readPartnerStatements(client: Client): Promise<Schemas['PartnerStatement'][]> {
  const heads = await readAll(async (cursor) =>
    unwrap(await client.GET('/v1/partner-statements', { params: { query: { limit: 100, ...cursor } } })),
  )
  const found: Schemas['PartnerStatement'][] = []
  for (const { id } of heads) {
    found.push(unwrap(await client.GET('/v1/partner-statements/{id}', { params: { path: { id } } })))
  }
  return found
}

export async function readReconciliation(client: Client): Promise<{
  items: Schemas['Reconciliation'][]
  total: Schemas['Reconciliation'][]
}> {
  let totals: Schemas['Reconciliation'][] = []
  const items = await readAll(async (cursor) => {
    const query = { limit: 100, ...cursor }
    const page = unwrap(await client.GET('/v1/reconciliation', { params: { query } }))
    totals = page.total
    return page
  })
  return { items, total: totals }
}
