// Seals anew, under the key that seals now, what was sealed under another one. It takes a few rows at a time and changes
// each only if it is still what was read, so that the service goes on meanwhile.
import { z } from 'zod'
import type { Store } from '../store/index.ts'
import { type KeyedSealer, SEALED, SealBroken } from './seal.ts'

/** Where sealed texts lie, by what they are found, and what they are bound to: the one table of it. */
export type Place = {
  table: string
  column: string
  id: string
  /** For a column of JSON: the field of it that is sealed, and the kind of row that has it. */
  inside?: { field: string; kind: string }
  /** tenant: the rows are each organisation's own. */
  of: 'tenant' | 'installation'
  bound_to(id: string, organisation_id: string): string[]
}

export const places: readonly Place[] = [
  {
    table: 'connection',
    column: 'sealed_credentials',
    id: 'id',
    of: 'tenant',
    bound_to: (id, organisation_id) => [organisation_id, id],
  },
  {
    table: 'invitation',
    column: 'sealed_email',
    id: 'id',
    of: 'tenant',
    bound_to: (id, organisation_id) => [organisation_id, id, 'email'],
  },
  {
    table: 'approval',
    column: 'sealed_request',
    id: 'id',
    of: 'tenant',
    bound_to: (id, organisation_id) => [organisation_id, id, 'request'],
  },
  {
    table: 'sign_up_visit',
    column: 'sealed_answers',
    id: 'id',
    of: 'tenant',
    bound_to: (id, organisation_id) => [organisation_id, id, 'sign_up'],
  },
  {
    table: 'work',
    column: 'payload',
    id: 'key',
    inside: { field: 'sealed', kind: 'mail.send' },
    of: 'tenant',
    bound_to: (key, organisation_id) => [organisation_id, 'mail', key],
  },
  { table: 'person', column: 'sealed_key', id: 'id', of: 'installation', bound_to: (id) => ['person', id] },
]

/** Sealed under a key that is itself sealed, and so never in need of it. */
export const underKeysOfTheirOwn: readonly string[] = ['person.sealed_profile']

export type Resealed = { resealed: number; failed: { place: string; id: string }[] }

const rows = z.array(z.object({ id: z.string(), sealed: z.string() }))
type Row = z.infer<typeof rows>[number]

type Ask = <T>(sql: string, values: unknown[], read: (answer: unknown) => T) => Promise<T>

type Parts = { store: Store; seal: KeyedSealer }

/** Rows read at once. */
const PIECE = 100

/** Goes through everything sealed. What does not open is left as it is and named. */
export async function reseal(parts: Parts): Promise<Resealed> {
  const { store } = parts
  const total: Resealed = { resealed: 0, failed: [] }
  const whole = asking((work) => store.inInstallation(work))
  await resealSettings(parts, whole, total)
  for (const place of places.filter((one) => one.of === 'installation')) {
    await resealPlace(parts, whole, place, '', total)
  }
  for (const organisation_id of await organisations(store)) {
    const own = asking((work) => store.inTenant(organisation_id, work))
    for (const place of places.filter((one) => one.of === 'tenant')) {
      await resealPlace(parts, own, place, organisation_id, total)
    }
  }
  return total
}

async function organisations(store: Store): Promise<string[]> {
  const found = await store.inInstallation(({ tx }) =>
    tx.organisation.findMany({ select: { id: true }, orderBy: { id: 'asc' } }),
  )
  return found.map(({ id }) => id)
}

type Raw = { tx: { $queryRawUnsafe(sql: string, ...values: unknown[]): Promise<unknown> } }

/** Each statement is a transaction of its own: nothing is held while a text is opened and sealed. */
function asking(within: (work: (scope: Raw) => Promise<unknown>) => Promise<unknown>): Ask {
  return async (sql, values, read) => read(await within(({ tx }) => tx.$queryRawUnsafe(sql, ...values)))
}

async function resealPlace(
  { seal }: Parts,
  ask: Ask,
  { table, column, id, inside, bound_to }: Place,
  organisation_id: string,
  total: Resealed,
): Promise<void> {
  // The names stand in the table above; only values come from rows.
  const text = inside === undefined ? `"${column}"` : `"${column}" ->> '${inside.field}'`
  const only = inside === undefined ? '' : `AND kind = '${inside.kind}'`
  const put = inside === undefined ? '$1' : `jsonb_set("${column}", '{${inside.field}}', to_jsonb($1::text))`
  let after = ''
  for (;;) {
    const piece = await ask(
      `SELECT "${id}" AS id, ${text} AS sealed FROM "${table}"
       WHERE "${id}" > $1 ${only} AND ${text} <> '' AND NOT starts_with(${text}, $2) ORDER BY "${id}" LIMIT ${PIECE}`,
      [after, seal.current],
      (answer) => rows.parse(answer),
    )
    for (const row of piece) {
      const write = (sealed: string) =>
        ask(
          `UPDATE "${table}" SET "${column}" = ${put} WHERE "${id}" = $2 ${only} AND ${text} = $3 RETURNING 1`,
          [sealed, row.id, row.sealed],
          count,
        )
      await resealRow(seal, row, bound_to(row.id, organisation_id), `${table}.${column}`, write, total)
    }
    if (piece.length < PIECE) return
    after = piece.at(-1)?.id ?? after
  }
}

/** The installation's settings that look sealed: each is bound to its name, and one that is not is named as failed. */
async function resealSettings({ seal }: Parts, ask: Ask, total: Resealed): Promise<void> {
  const found = await ask(
    `SELECT key AS id, value #>> '{}' AS sealed FROM installation
     WHERE jsonb_typeof(value) = 'string' AND value #>> '{}' ~ $1 ORDER BY key`,
    [SEALED],
    (answer) => rows.parse(answer),
  )
  for (const row of found.filter(({ sealed }) => !seal.isCurrent(sealed))) {
    const write = (sealed: string) =>
      ask(
        `UPDATE installation SET value = to_jsonb($1::text) WHERE key = $2 AND value #>> '{}' = $3 RETURNING 1`,
        [sealed, row.id, row.sealed],
        count,
      )
    await resealRow(seal, row, [row.id], 'installation.value', write, total)
  }
}

const count = (answer: unknown) => z.array(z.unknown()).parse(answer).length

async function resealRow(
  seal: KeyedSealer,
  { id, sealed }: Row,
  bound_to: string[],
  place: string,
  write: (sealed: string) => Promise<number>,
  total: Resealed,
): Promise<void> {
  let plain: string
  try {
    plain = await seal.open(sealed, bound_to)
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error
    total.failed.push({ place, id })
    return
  }
  // Whoever changed it meanwhile sealed it under the key that seals now.
  total.resealed += await write(await seal.seal(plain, bound_to))
}
