/** Lists of the ingestion API: pages that name the next one. */
import { z } from 'zod'
import type { Connection } from '../../connector.ts'
import type { Azure } from '../clients.ts'
import { missing, shaped } from '../faults.ts'

const text = z.string().nullish().catch(null)
const pageShape = z.looseObject({ value: z.array(z.unknown()), '@nextLink': text })
/** Pages of a list that is read whole; more than this is not a list that ends. */
const PAGES_MAX = 50

/** One page of a list of the ingestion API: its start, or the link that the page before gave. */
export async function readPage(
  azure: Azure,
  connection: Connection,
  call: string,
  place: { path: string; query: Readonly<Record<string, string>> } | { link: string },
): Promise<{ values: unknown[]; link: string | null; body: unknown }> {
  const { body } = await azure.call(connection, 'ingestion', { call, ...place })
  const page = shaped(pageShape, body, call)
  return { values: page.value, link: page['@nextLink'] || null, body }
}

export async function readAll(
  azure: Azure,
  connection: Connection,
  call: string,
  start: string,
  query: Readonly<Record<string, string>>,
): Promise<unknown[]> {
  const found: unknown[] = []
  let place: Parameters<typeof readPage>[3] = { path: start, query }
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = await readPage(azure, connection, call, place)
    found.push(...page.values)
    if (page.link === null) return found
    place = { link: page.link }
  }
  throw missing(call, `end after ${PAGES_MAX} pages`, undefined)
}
