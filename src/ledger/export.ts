import type { Context } from '../context.ts'
import { beancountJournal } from './export-beancount.ts'
import { csvJournal } from './export-csv.ts'
import { hledgerJournal } from './export-journal.ts'
import type { Entry } from './model.ts'
import { lastSequence, readEntries } from './store.ts'

export const exportFormats = ['hledger', 'beancount', 'csv'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** Entries read in one transaction: memory does not grow with the books. */
const PAGE_ENTRIES = 500

/** The whole books of a tenant as text, page by page: everything that was booked when it began. */
export function exportBooks(
  context: Pick<Context, 'store'>,
  organisation_id: string,
  format: ExportFormat,
): AsyncIterable<string> {
  const entries = allEntries(context, organisation_id)
  switch (format) {
    case 'hledger':
      return hledgerJournal(entries)
    case 'beancount':
      return beancountJournal(entries)
    case 'csv':
      return csvJournal(entries)
  }
}

async function* allEntries({ store }: Pick<Context, 'store'>, organisation_id: string): AsyncIterable<Entry> {
  const last = await store.inTenant(organisation_id, lastSequence)
  let after = 0n
  while (after < last) {
    const page = await store.inTenant(organisation_id, (scope) =>
      readEntries(scope, { after, limit: PAGE_ENTRIES }),
    )
    const wanted = page.filter((entry) => entry.sequence <= last)
    yield* wanted
    const end = page.at(-1)
    if (end === undefined) return
    after = end.sequence
  }
}
