// The agreements that the cloud's files name, against those that are known here: one whose message was missed is looked
// for, and one that stands otherwise is read again, and told to a person if it still does.
import { z } from 'zod'
import type { ReadRequest } from '../agreements/index.ts'
import { type Agreement, agreementStates, isOver } from '../agreements/model.ts'
import { DAY_MS, dateOf, plus } from '../core/time.ts'
import { describe } from '../descriptions/index.ts'
import type { Described } from '../descriptions/model.ts'
import { openException, openSubjects, resolveException } from '../exceptions/index.ts'
import type { Scope } from '../store/index.ts'
import { schedule } from '../work/index.ts'
import { isReading } from './store.ts'

/** Files are a day old when they come, and what is read again takes a while. */
const PATIENCE_MS = 2 * DAY_MS
/** So many are looked for in one run; the rest in the next. */
const FOLLOWED_MAX = 500
const SUFFIX = ' as files tell it'

const text = z.string().nullable()
const namedRow = z.object({
  connection_id: z.string(),
  account_id: z.string(),
  cloud_agreement_id: z.string(),
  version: z.string(),
  followed: text,
  told: z.object({
    offer_id: text,
    state: z.enum(agreementStates),
    cloud_state: z.string(),
    accepted_at: text,
    starts_at: text,
    ends_at: text,
  }),
  /** Of the agreement that is known here, if it is. */
  id: text,
  role: z.enum(['seller', 'manufacturer']).nullable(),
  state: z.enum(agreementStates).nullable(),
  ends_at: z.date().nullable(),
  updated_at: z.date().nullable(),
})
type Named = z.infer<typeof namedRow>

export async function compareAgreements(scope: Scope): Promise<void> {
  if (await isReading(scope)) return
  const different = await differentAgreements(scope)
  const today = dateOf(scope.now())
  const asked = different
    .filter(({ version, followed }) => followed !== version && followed !== today)
    .slice(0, FOLLOWED_MAX)
  const described = await describe(scope, asked.map(askedOf(scope)))
  for (const one of asked) await follow(scope, one, described.get(one.cloud_agreement_id))
  await tellDifferent(scope, different)
}

/** The last word of the files on each agreement that is not known here, or not like that. */
async function differentAgreements({ organisation_id, tx }: Scope): Promise<Named[]> {
  const over = agreementStates.filter(isOver)
  return z.array(namedRow).parse(
    await tx.$queryRaw`
      WITH named AS (
        SELECT DISTINCT ON (connection_id, key) connection_id, key, version, followed, told FROM description
        WHERE organisation_id = ${organisation_id} AND kind = 'agreement' AND NOT deleted
        ORDER BY connection_id, key, valid_from DESC
      )
      SELECT n.connection_id, c.account_id, n.key AS cloud_agreement_id, n.version, n.followed, n.told, a.id, a.role,
        a.state, a.ends_at, a.updated_at
      FROM named n
      JOIN connection c ON c.organisation_id = ${organisation_id} AND c.id = n.connection_id
      LEFT JOIN agreement a ON a.organisation_id = ${organisation_id} AND a.connection_id = n.connection_id
        AND a.cloud_agreement_id = n.key
      WHERE a.id IS NULL
        OR n.told->>'state' <> 'unknown' AND (n.told->>'state' = ANY(${over})) <> (a.state = ANY(${over}))
        OR a.state <> ALL(${over}) AND (n.told->>'ends_at')::timestamptz IS DISTINCT FROM a.ends_at
      ORDER BY n.connection_id, n.key`,
  )
}

const askedOf =
  ({ now }: Scope) =>
  ({ connection_id, cloud_agreement_id, told }: Named) => ({
    id: cloud_agreement_id,
    connection_id,
    agreement_id: cloud_agreement_id,
    offer_id: told.offer_id,
    at: now(),
  })

/**
 * Has an agreement read, like a message about it would. Where the cloud shows it to its seller alone, what the file tells
 * stands for it; but only of a product of ours, and only if nothing was written here since.
 */
async function follow(scope: Scope, one: Named, described: Described | undefined): Promise<void> {
  const { connection_id, cloud_agreement_id: agreement_id, account_id, version, told } = one
  const role = one.role ?? roleOf(account_id, described)
  // Whose it is may be told by a file that is yet to come: it is looked at again tomorrow.
  if (role === undefined) return markFollowed(scope, one, dateOf(scope.now()))
  const older = one.updated_at !== null && one.updated_at.toISOString() >= version
  const buyer = described?.buyer?.account_id
  const seller = described?.seller?.account_id
  const believed = role === 'manufacturer' && !older && buyer !== undefined && seller !== undefined
  if (role === 'seller' || believed) {
    const payload: ReadRequest = {
      connection_id,
      agreement_id,
      ...(believed
        ? {
            told: {
              ...told,
              role,
              authorization_id: null,
              buyer_account_id: buyer,
              seller_account_id: seller,
            },
          }
        : {}),
    }
    await schedule(scope, { kind: 'agreements.read', key: `${connection_id} ${agreement_id}`, payload })
  }
  await markFollowed(scope, one, version)
}

async function markFollowed(
  { organisation_id, tx }: Scope,
  { connection_id, cloud_agreement_id, version }: Named,
  followed: string,
): Promise<void> {
  await tx.description.updateMany({
    where: { organisation_id, connection_id, kind: 'agreement', key: cloud_agreement_id, version },
    data: { followed },
  })
}

function roleOf(account_id: string, described: Described | undefined): Agreement['role'] | undefined {
  if (described?.seller?.account_id === account_id) return 'seller'
  const made = described?.products.some(({ maker }) => maker?.account_id === account_id)
  return made === true ? 'manufacturer' : undefined
}

async function tellDifferent(scope: Scope, different: readonly Named[]): Promise<void> {
  const late = plus(scope.now(), -PATIENCE_MS).toISOString()
  const told = new Set<string>()
  for (const one of different) {
    if (one.id === null || one.state === null || one.version > late) continue
    const subject_id = `${one.id}${SUFFIX}`
    told.add(subject_id)
    await openException(scope, {
      kind: 'report_difference',
      subject_id,
      sentence: `Agreement ${one.cloud_agreement_id}: the cloud's files say ${standing(one.told.cloud_state, one.told.ends_at)}; here it is ${standing(one.state, one.ends_at?.toISOString() ?? null)}.`,
      fix: "Look the agreement up in the cloud's own console, and ask its support which of the two is right.",
    })
  }
  const open = await openSubjects(scope, 'report_difference')
  const gone = open.filter((subject) => subject.endsWith(SUFFIX) && !told.has(subject))
  await resolveException(scope, 'report_difference', gone)
}

function standing(state: string, ends_at: string | null): string {
  return `${state}, ${ends_at === null ? 'without an end' : `until ${dateOf(new Date(ends_at))}`}`
}
