import { StatementError, type StatementProblem } from '../../connectors/connector.ts'
import type { Context } from '../context.ts'
import { insertDescriptions } from '../descriptions/index.ts'
import { openException, resolveException } from '../exceptions/index.ts'
import type { Scope } from '../store/index.ts'
import { done, schedule, type WorkItem, type WorkOutcome } from '../work/index.ts'
import { CHUNK_LINES, UPLOADED } from './model.ts'
import { type ReadItem, type Reading, reading } from './read.ts'
import {
  findStatement,
  findStatementLocked,
  finishLines,
  insertLines,
  lastBefore,
  type Statement,
  sameName,
  updateStatement,
} from './store.ts'
import { insertReadings } from './store-readings.ts'
import { insertTotals, otherOwner } from './store-totals.ts'

type Parts = Pick<Context, 'store' | 'seal' | 'connectors' | 'blobs' | 'clocks'>

/** How many chunks one run writes before it gives way to other work. */
const CHUNKS_PER_RUN = 20

/**
 * The handler of `settlement.import`, key: a statement's id. The file is read once to the end before a line is
 * written, so that a file with a fault leaves nothing behind; then its lines are written in chunks, each a
 * transaction of its own that remembers how far it came, and count only when the last one is in.
 */
export async function importStatement(context: Parts, item: WorkItem): Promise<WorkOutcome> {
  const { organisation_id, key: statement_id } = item
  const statement = await context.store.inTenant(organisation_id, (scope) =>
    findStatement(scope, statement_id),
  )
  if (statement === undefined || (statement.state !== 'received' && statement.state !== 'importing'))
    return done
  const asked = { whole: statement.version !== UPLOADED, named: true }
  const found = await reading(context, organisation_id, statement, asked).catch(asProblem)
  // Whoever took this work over may have imported the file by now: only one that still waits is decided about.
  const decide = <T>(how: (scope: Scope) => Promise<T>) =>
    context.store.inTenant(organisation_id, async (scope) =>
      (await findStatementLocked(scope, statement_id))?.state === statement.state ? how(scope) : undefined,
    )
  if (found instanceof StatementError) {
    await decide((scope) => refuse(scope, statement, found.problem))
    return done
  }
  if ('passed_over' in found) {
    await decide((scope) => ignore(scope, statement, found.passed_over))
    return done
  }
  if (statement.state === 'received') {
    if (await decide((scope) => passOver(scope, statement, found.format))) return done
    const problem = await faultOf(found)
    if (problem !== undefined) {
      await decide((scope) => refuse(scope, statement, problem))
      return done
    }
    const { written_for } = found.told
    const begun = {
      state: 'importing',
      format: found.format,
      written_for,
      lines_read: 0,
      lines_new: 0,
    } as const
    const taken = await decide(async (scope) => {
      const stranger = await strangerOf(scope, statement, written_for)
      if (stranger !== undefined) await refuse(scope, statement, stranger)
      else await updateStatement(scope, statement_id, begun)
      return stranger === undefined
    })
    if (taken !== true) return done
  }
  return writeChunks(context, organisation_id, statement_id, found)
}

/** A file that holds nothing for the books is kept, with the reason where its cloud is known to write it. */
async function ignore(scope: Scope, { id }: Statement, reason: string | null): Promise<void> {
  const problem = { row: null, column: null, rule: reason ?? '', fix: 'Nothing needs to be done.' }
  await updateStatement(scope, id, { state: 'ignored', ...(reason === null ? {} : { problem }) })
}

/** A file whose first row cannot be read is refused like any other. */
function asProblem(error: unknown): StatementError {
  if (error instanceof StatementError) return error
  throw error
}

/** Reads a whole file and says what is wrong with it; undefined: nothing. */
export async function faultOf(found: Reading): Promise<StatementProblem | undefined> {
  try {
    for await (const _ of found.items());
    return undefined
  } catch (error) {
    if (error instanceof StatementError) return error.problem
    throw error
  }
}

/** A file of one account brought to the connection of another would book its money there. */
async function strangerOf(
  scope: Scope,
  { source }: Statement,
  written_for: string | null,
): Promise<StatementProblem | undefined> {
  const other = written_for === null ? undefined : await otherOwner(scope, source, written_for)
  if (other === undefined) return undefined
  const rule =
    other.source === source
      ? `The file was written for another account (${written_for}) than the files of this connection (${other.written_for})`
      : `The file was written for the account of another connection (${other.source})`
  return {
    row: null,
    column: null,
    rule,
    fix: 'Bring it to the connection of the account that it was written for.',
  }
}

/** Keeps a file that cannot be read, with its reason: nothing of it counts and a person is told. */
export async function refuse(scope: Scope, statement: Statement, problem: StatementProblem): Promise<void> {
  await updateStatement(scope, statement.id, { state: 'refused', problem })
  await openException(scope, {
    kind: 'statement_refused',
    subject_id: statement.id,
    sentence: `The file ${statement.name} was refused: ${placed(problem)}${problem.rule}.`,
    fix: problem.fix,
  })
}

/** "row 3, amount: ", for people. */
export function placed({ row, column }: StatementProblem): string {
  const parts = [row === null ? '' : `row ${row}`, column ?? ''].filter((part) => part !== '')
  return parts.length === 0 ? '' : `${parts.join(', ')}: `
}

/** Clouds write whole reports anew each day: one that says what the last of its kind said is taken as read. */
async function passOver(scope: Scope, statement: Statement, format: string): Promise<boolean> {
  const last = await lastBefore(scope, statement, format)
  if (last?.state !== 'imported' || last.sha256 !== statement.sha256) return false
  const { lines_read } = last
  await updateStatement(scope, statement.id, { state: 'imported', format, lines_read, imported: true })
  await resolveException(scope, 'statement_refused', await sameName(scope, statement))
  return true
}

async function writeChunks(
  context: Parts,
  organisation_id: string,
  statement_id: string,
  found: Reading,
): Promise<WorkOutcome> {
  const begun = await context.store.inTenant(organisation_id, (scope) => findStatement(scope, statement_id))
  if (begun === undefined) return done
  const skipped = begun.lines_read
  let seen = 0
  let chunks = 0
  let chunk: ReadItem[] = []
  const write = async () => {
    const written = chunk
    chunk = []
    chunks += 1
    await context.store.inTenant(organisation_id, (scope) => writeChunk(scope, statement_id, written, seen))
  }
  for await (const item of found.items()) {
    seen += 1
    if (seen <= skipped) continue
    chunk.push(item)
    if (chunk.length < CHUNK_LINES) continue
    await write()
    if (chunks >= CHUNKS_PER_RUN) return { done: false, again_at: context.clocks.business.now() }
  }
  if (chunk.length > 0) await write()
  await context.store.inTenant(organisation_id, (scope) => finish(scope, statement_id))
  return done
}

async function writeChunk(
  scope: Scope,
  statement_id: string,
  items: ReadItem[],
  until: number,
): Promise<void> {
  const statement = await findStatementLocked(scope, statement_id)
  // Another process was here: what it wrote stands.
  if (statement === undefined || statement.state !== 'importing' || statement.lines_read >= until) return
  const added = await insertLines(scope, statement, items)
  const told = await insertDescriptions(
    scope,
    statement.source,
    items.flatMap((item) => (item.is === 'description' ? [item.description] : [])),
  )
  await insertReadings(scope, statement, items)
  await insertTotals(scope, statement, items)
  await updateStatement(scope, statement_id, {
    lines_read: until,
    lines_new: statement.lines_new + added + told,
  })
}

async function finish(scope: Scope, statement_id: string): Promise<void> {
  const statement = await findStatementLocked(scope, statement_id)
  if (statement === undefined || statement.state !== 'importing') return
  await finishLines(scope, statement)
  await updateStatement(scope, statement_id, { state: 'imported', imported: true })
  await resolveException(scope, 'statement_refused', await sameName(scope, statement))
  await schedule(scope, { kind: 'settlement.match', key: scope.organisation_id })
}
