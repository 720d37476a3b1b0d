// The ledger as it is read: rows of the chart, accounts, entries.
import { createRoute, z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import type { Context } from '../context.ts'
import { decodeCursor, encodeCursor, toPage } from '../core/page.ts'
import { invalid, Refusal } from '../core/problem.ts'
import {
  type DoorEnv,
  json,
  localDate,
  makeRouter,
  pageOf,
  pageQuery,
  refusals,
  searchText,
} from '../door/index.ts'
import type { Scope } from '../store/index.ts'
import { readGroups } from './groups.ts'
import { type Entry, entryKinds } from './model.ts'
import {
  account,
  entry,
  group,
  linkedEntry,
  shownAccount,
  shownEntry,
  shownGroup,
  shownTotal,
  total,
} from './schemas.ts'
import { findByReferences, readEntries } from './store.ts'
import { type EntryPlace, type EntrySort, entrySorts, listAccounts, listEntries } from './store-lists.ts'
import { totalsOf } from './totals.ts'

const tags = ['Ledger']
const ACCOUNT_MAX = 300

const groups = createRoute({
  method: 'get',
  path: '/v1/ledger/groups',
  tags,
  summary: 'The trial balance in short: one row for each row of the chart, now or at the end of a day',
  request: { query: z.object({ until: localDate.optional() }) },
  responses: {
    200: json(
      z.object({ until: z.string().nullable(), groups: z.array(group), totals: z.array(total) }),
      'Rows of the chart in its order, and the totals of each book and currency',
    ),
    ...refusals,
  },
})

const listAccountsRoute = createRoute({
  method: 'get',
  path: '/v1/ledger/accounts',
  tags,
  summary: 'Accounts and their balances, exact at this moment or at the end of a day',
  request: {
    query: pageQuery.extend({
      prefix: z.string().max(ACCOUNT_MAX).default(''),
      q: searchText.openapi({ description: "Found in the account's name." }),
      open: z.enum(['true', 'false']).default('false').openapi({
        description: 'true: only accounts that are not at zero now.',
      }),
      until: localDate.optional(),
    }),
  },
  responses: { 200: json(pageOf(account), 'Accounts in order of their names'), ...refusals },
})

const listEntriesRoute = createRoute({
  method: 'get',
  path: '/v1/ledger/entries',
  tags,
  summary: 'Entries; oldest first if nothing is said',
  request: {
    query: pageQuery.extend({
      sort: z.enum(entrySorts).default('recorded_at').openapi({
        description: 'By when they were written, or by the day they are booked on; downwards with a minus.',
      }),
      account: z.string().max(ACCOUNT_MAX).optional(),
      agreement_id: z.string().max(60).optional().openapi({
        description: "Entries that touch the agreement's own accounts.",
      }),
      kind: z.enum(entryKinds).optional(),
      from: localDate.optional().openapi({ description: 'The first day of booking.' }),
      until: localDate.optional().openapi({ description: 'The last day of booking.' }),
      reference: z.string().max(400).optional(),
      q: searchText.openapi({
        description:
          "An entry's id, its reference, or what follows the kind in its reference. With an account, an agreement or " +
          'days given: any part of the reference.',
      }),
    }),
  },
  responses: { 200: json(pageOf(entry), 'Entries'), ...refusals },
})

const readEntry = createRoute({
  method: 'get',
  path: '/v1/ledger/entries/{id}',
  tags,
  summary: 'One entry with its postings, its evidence, and the entry that corrects it or that it corrects',
  request: { params: z.object({ id: z.string().max(60) }) },
  responses: { 200: json(linkedEntry, 'The entry'), ...refusals },
})

export function ledgerReadRoutes(context: Context) {
  const ask = <T>(door: HonoContext<DoorEnv>, work: (scope: Scope) => Promise<T>) =>
    context.store.inTenant(door.get('caller').organisation_id, work)
  return makeRouter()
    .openapi(groups, async (door) => {
      const { until } = door.req.valid('query')
      const found = await ask(door, (scope) => readGroups(scope, until))
      const totals = totalsOf(found.map((row) => ({ ...row, account: row.name }))).map(shownTotal)
      return door.json({ until: until ?? null, groups: found.map(shownGroup), totals }, 200)
    })
    .openapi(listAccountsRoute, async (door) => {
      const { limit, cursor, open, ...filter } = door.req.valid('query')
      const [from = '', asset = ''] = cursor === undefined ? [] : decodeCursor(cursor).split(' ')
      const rows = await ask(door, (scope) =>
        listAccounts(scope, {
          ...filter,
          open: open === 'true',
          after: { account: from, asset },
          limit: limit + 1,
        }),
      )
      return door.json(
        toPage(rows, limit, (row) => `${row.account} ${row.asset}`, shownAccount),
        200,
      )
    })
    .openapi(listEntriesRoute, async (door) => {
      const { limit, cursor, sort, ...filter } = door.req.valid('query')
      const after = cursor === undefined ? undefined : placeOf(cursor, sort)
      const rows = await ask(door, (scope) => listEntries(scope, filter, { sort, after, limit: limit + 1 }))
      const last = rows.length > limit ? rows[limit - 1] : undefined
      return door.json(
        {
          items: rows.slice(0, limit).map(shownEntry),
          next: last === undefined ? null : cursorOf(last, sort),
        },
        200,
      )
    })
    .openapi(readEntry, async (door) => {
      const { id } = door.req.valid('param')
      const shown = await ask(door, async (scope) => {
        const [row] = await readEntries(scope, { id, limit: 1 })
        if (row === undefined) throw new Refusal('not-found', `There is no entry ${id}.`)
        const correction = `correction:${row.reference}`
        const known = await findByReferences(
          scope,
          row.reverses === null ? [correction] : [correction, row.reverses],
        )
        const idOf = (reference: string | null) =>
          known.find((one) => one.reference === reference)?.id ?? null
        return { ...shownEntry(row), reverses_id: idOf(row.reverses), reversed_by: idOf(correction) }
      })
      return door.json(shown, 200)
    })
}

/** The order stands in the cursor, too: in another one it would begin anywhere. */
function cursorOf({ sequence, book_date }: Entry, sort: EntrySort): string {
  return encodeCursor(`${sort} ${sequence} ${book_date}`)
}

function placeOf(cursor: string, sort: EntrySort): EntryPlace {
  const [order, sequence = '', book_date = ''] = decodeCursor(cursor).split(' ')
  if (order !== sort || !/^\d{1,18}$/.test(sequence) || !/^\d{4}-\d{2}-\d{2}$/.test(book_date)) {
    throw invalid(
      'query.cursor',
      'is not a cursor of this list in this order',
      'Begin with the first page again',
    )
  }
  return { sequence: BigInt(sequence), book_date }
}
