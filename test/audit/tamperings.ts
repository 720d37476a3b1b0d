// What somebody with the database in hand might do to a chain of audit records, each chosen by chance.
import type { seededRandom } from '../../src/core/random.ts'

/** How many records the chain has. */
export const RECORDS = 40

export type Random = ReturnType<typeof seededRandom>
export const byte = (random: Random) => random.bytes(1)[0] ?? 0
/** A number from 0 up to a limit. */
export const below = (random: Random, limit: number) => ((byte(random) << 8) | byte(random)) % limit
/** One of a list. */
export const pick = <T>(random: Random, list: readonly T[]): T => {
  const found = list[below(random, list.length)]
  if (found === undefined) throw new Error('There is nothing to pick from')
  return found
}

/** One change, as statements; the first record that is not what it was, and whether the chain alone shows it. */
export type Tampering = { statements: [string, unknown[]][]; first: number; needs_head: boolean }

const COLUMNS = [
  'at',
  'request_id',
  'actor_kind',
  'actor_id',
  'act',
  'subject_id',
  'before',
  'after',
  'salt',
  'body_digest',
  'previous_digest',
  'digest',
] as const

/** Another value for a column. */
function changed(random: Random, column: (typeof COLUMNS)[number]): string {
  const flipped = (name: string) =>
    `overlay("${name}" placing (CASE WHEN substr("${name}", 9, 1) = '7' THEN '8' ELSE '7' END) from 9 for 1)`
  switch (column) {
    case 'at':
      return `at + interval '${1 + below(random, 5)} milliseconds'`
    case 'actor_kind':
      return `CASE actor_kind WHEN 'key' THEN 'operator' ELSE 'key' END`
    case 'before':
    case 'after':
      return pick(random, [
        `'{"name": "somebody else did it"}'::jsonb`,
        `CASE WHEN "${column}" IS NULL THEN '{}'::jsonb END`,
        `coalesce("${column}", '{}'::jsonb) || '{"more": 1}'::jsonb`,
      ])
    case 'salt':
    case 'body_digest':
    case 'previous_digest':
    case 'digest':
      return flipped(column)
    default:
      return `"${column}" || 'x'`
  }
}

export const where = 'WHERE organisation_id = $1 AND sequence'

/** What somebody might do, by its name. */
export const tamperings: Readonly<Record<string, (random: Random, other_id: string) => Tampering>> = {
  flip(random) {
    const at = 1 + below(random, RECORDS)
    const column = pick(random, COLUMNS)
    // A changed digest shows in the record itself, for it is not the digest of its fields any more.
    return {
      statements: [[`UPDATE audit_record SET "${column}" = ${changed(random, column)} ${where} = $2`, [at]]],
      first: at,
      needs_head: false,
    }
  },
  remove(random) {
    const at = 1 + below(random, RECORDS - 1)
    return { statements: [[`DELETE FROM audit_record ${where} = $2`, [at]]], first: at, needs_head: false }
  },
  remove_and_close_up(random) {
    const at = 1 + below(random, RECORDS - 1)
    return {
      statements: [
        [`DELETE FROM audit_record ${where} = $2`, [at]],
        [`UPDATE audit_record SET sequence = -sequence ${where} > $2`, [at]],
        [`UPDATE audit_record SET sequence = -sequence - 1 ${where} < 0`, []],
      ],
      first: at,
      needs_head: false,
    }
  },
  insert(random) {
    const at = 1 + below(random, RECORDS)
    return {
      statements: [
        [`UPDATE audit_record SET sequence = -sequence ${where} >= $2`, [at]],
        [`UPDATE audit_record SET sequence = -sequence + 1 ${where} < 0`, []],
        [
          `INSERT INTO audit_record SELECT organisation_id, $2::bigint, at, 'req_put_in', actor_kind, actor_id, act, subject_id,
             before, after, salt, body_digest, previous_digest, digest FROM audit_record ${where} = $2 + 1`,
          [at],
        ],
      ],
      first: at,
      needs_head: false,
    }
  },
  exchange(random) {
    const one = 1 + below(random, RECORDS - 1)
    const two = one + 1 + below(random, RECORDS - one)
    return {
      statements: [
        [`UPDATE audit_record SET sequence = 0 ${where} = $2`, [one]],
        [`UPDATE audit_record SET sequence = $2 ${where} = $3`, [one, two]],
        [`UPDATE audit_record SET sequence = $2 ${where} = 0`, [two]],
      ],
      first: one,
      needs_head: false,
    }
  },
  one_of_another_organisation(random, other_id) {
    const at = 1 + below(random, RECORDS)
    return {
      statements: [
        [`DELETE FROM audit_record ${where} = $2`, [at]],
        [
          'UPDATE audit_record SET organisation_id = $1 WHERE organisation_id = $3 AND sequence = $2',
          [at, other_id],
        ],
      ],
      first: at,
      needs_head: false,
    }
  },
  all_of_another_organisation: (_, other_id) => ({
    statements: [
      ['DELETE FROM audit_record WHERE organisation_id = $1', []],
      ['UPDATE audit_record SET organisation_id = $1 WHERE organisation_id = $2', [other_id]],
    ],
    first: 1,
    needs_head: false,
  }),
  cut_off(random) {
    const at = 1 + below(random, RECORDS)
    return { statements: [[`DELETE FROM audit_record ${where} >= $2`, [at]]], first: at, needs_head: true }
  },
  forget_without_right(random) {
    // An erased person's record keeps its digests; whoever empties one and changes who it was is found all the same.
    const at = 1 + below(random, RECORDS)
    return {
      statements: [
        [
          `UPDATE audit_record SET before = NULL, after = NULL, salt = '', actor_id = 'prsn_x' ${where} = $2`,
          [at],
        ],
      ],
      first: at,
      needs_head: false,
    }
  },
}
