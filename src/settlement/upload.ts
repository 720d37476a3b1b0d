// A statement brought by hand: kept, read once to the end at the door, and imported like any other.
import { StatementError, type StatementProblem } from '../../connectors/connector.ts'
import type { Context } from '../context.ts'
import { invalid, Refusal } from '../core/problem.ts'
import type { Scope } from '../store/index.ts'
import { schedule } from '../work/index.ts'
import { keepFile, type StoredFile } from './files.ts'
import { faultOf, placed, refuse } from './import.ts'
import { UPLOAD_BYTES_MAX, UPLOADED } from './model.ts'
import { reading } from './read.ts'
import { findStatement, findStatementLocked, receive, type Statement, updateStatement } from './store.ts'

export type Upload = {
  name: string
  bytes: Uint8Array
  connection_id?: string | undefined
  bank_account?: string | undefined
}

type Parts = Pick<Context, 'store' | 'seal' | 'connectors' | 'blobs'>

/** A file that can be read to its end, kept and not written down yet. */
export type CheckedUpload = { connection_id: string | null; source: string; name: string; stored: StoredFile }

/**
 * Keeps the bytes and reads them once. Throws invalid-input that names the row, the column and the fix when that
 * fails; the refused file stays visible with its reason.
 */
export async function checkUpload(
  context: Parts,
  organisation_id: string,
  upload: Upload,
): Promise<CheckedUpload> {
  const { name, bytes, connection_id, bank_account } = upload
  if ((connection_id === undefined) === (bank_account === undefined)) {
    throw invalid(
      'connection_id',
      'a file is of one connection or of one bank account',
      'Give connection_id, or source=bank with bank_account',
    )
  }
  if (bytes.length > UPLOAD_BYTES_MAX) {
    throw new Refusal('too-large', `A file may have ${UPLOAD_BYTES_MAX} bytes, this one has ${bytes.length}.`)
  }
  const stored = await keepFile(context, once(bytes))
  const file = { connection_id: connection_id ?? null, source: connection_id ?? `bank:${bank_account}`, name }
  const problem = await problemOf(context, organisation_id, { ...file, parts: stored.parts })
  if (problem === undefined) return { ...file, stored }
  await context.store.inTenant(organisation_id, async (scope) => {
    const { statement } = await receive(scope, { ...file, version: UPLOADED, stored })
    await refuse(scope, statement, problem)
  })
  throw refusal(problem)
}

async function problemOf(
  context: Parts,
  organisation_id: string,
  file: Parameters<typeof reading>[2],
): Promise<StatementProblem | undefined> {
  try {
    const found = await reading(context, organisation_id, file, { whole: false, named: false })
    return 'passed_over' in found ? notRead(file.name, found.passed_over) : await faultOf(found)
  } catch (error) {
    if (error instanceof StatementError) return error.problem
    throw error
  }
}

/** Writes a checked file down and has it imported. The same bytes under the same name again are what is there. */
export async function takeUpload(
  scope: Scope,
  file: CheckedUpload,
): Promise<{ statement: Statement; known: boolean }> {
  const { statement, known } = await receive(scope, { ...file, version: UPLOADED })
  if (statement.state === 'imported' || statement.state === 'importing') return { statement, known }
  if (statement.state !== 'received')
    await updateStatement(scope, statement.id, { state: 'received', problem: null })
  await schedule(scope, { kind: 'settlement.import', key: statement.id })
  return { statement: { ...statement, state: 'received', problem: null }, known }
}

/** Tries a refused or ignored statement again, for a file whose format is understood now. */
export async function retryStatement(scope: Scope, id: string): Promise<Statement> {
  const statement = await findStatementLocked(scope, id)
  if (statement === undefined) throw new Refusal('not-found', `There is no statement ${id}.`)
  if (statement.state === 'imported') throw new Refusal('conflict', `Statement ${id} is imported already.`)
  if (statement.state !== 'importing') await updateStatement(scope, id, { state: 'received', problem: null })
  await schedule(scope, { kind: 'settlement.import', key: id })
  return (await findStatement(scope, id)) ?? statement
}

function notRead(name: string, reason: string | null): StatementProblem {
  if (reason !== null) {
    const fix = 'There is nothing to import from it; bring the files with money or usage'
    return {
      row: null,
      column: null,
      rule: `${name} is known and not read. ${reason.replace(/\.$/, '')}`,
      fix,
    }
  }
  return {
    row: 1,
    column: null,
    rule: `${name} is none of the files this connection's cloud writes`,
    fix: 'Send the file as the cloud wrote it, with its header row; a bank statement goes to source=bank',
  }
}

function refusal(problem: StatementProblem): Refusal {
  const field = placed(problem).replace(/: $/, '') || 'file'
  return new Refusal('invalid-input', `${placed(problem)}${problem.rule}. ${problem.fix}.`, [
    { field, rule: problem.rule, fix: problem.fix },
  ])
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
