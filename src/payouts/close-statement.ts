import { z } from 'zod'
import { type Asset, currencyOf, formatMoney } from '../core/money.ts'
import { Refusal } from '../core/problem.ts'
import { type Month, nextMonth, startOfMonth } from '../core/time.ts'
import type { Scope } from '../store/index.ts'
import { digestOf, type StatementContent, statementLine } from './model.ts'
import { shownStatement } from './schemas.ts'
import {
  findPartner,
  insertStatement,
  lockPartner,
  type Partner,
  readStatements,
  type StatementRow,
  stateShares,
  unstatedShares,
} from './store.ts'

/** A month has one statement per currency. */
const STATEMENTS_MAX = 100

/**
 * Closes a partner's month: every share up to its end that no statement has becomes a line of one, one statement per
 * currency. The same month again answers the same statements; a share of that month that became known afterwards is in
 * the next one, marked late. Throws a conflict for a month that has not ended or that has nothing to state.
 */
export async function closeStatement(
  scope: Scope,
  { partner_id, month }: { partner_id: string; month: Month },
): Promise<{ statements: StatementRow[]; replayed: boolean }> {
  if (!(await lockPartner(scope, partner_id))) throw noPartner(partner_id)
  const partner = await findPartner(scope, partner_id)
  if (partner === undefined) throw noPartner(partner_id)
  const known = await readStatements(scope, { partner_id, month, after: '', limit: STATEMENTS_MAX })
  if (known.length > 0) return { statements: known, replayed: true }
  if (startOfMonth(nextMonth(month)) > scope.now()) {
    throw new Refusal(
      'conflict',
      `${month} has not ended. State it on or after the first of ${nextMonth(month)}.`,
    )
  }
  const due = (await unstatedShares(scope, partner_id, month)).filter((item) => item.due > 0n)
  if (due.length === 0) {
    throw new Refusal(
      'conflict',
      `${partner.name} has no share up to the end of ${month} that is not stated yet.`,
    )
  }
  const statements: StatementRow[] = []
  for (const { money } of due) statements.push(await closeOne(scope, partner, month, money.asset))
  return { statements, replayed: false }
}

const closing = z.strictObject({ partner_id: z.string(), month: z.string().regex(/^\d{4}-\d{2}$/) })

/** The handler of `partner_statements.close`. */
export async function closeStatementHandler(scope: Scope, request: unknown) {
  const { statements } = await closeStatement(scope, closing.parse(request))
  const items = statements.map((row) => shownStatement(row, scope.organisation_id))
  return { before: null, after: { items } }
}

async function closeOne(scope: Scope, partner: Partner, month: Month, asset: Asset): Promise<StatementRow> {
  const id = scope.id('partnerStatement')
  const shares = await stateShares(scope, { partner_id: partner.id, month, asset, statement_id: id })
  const total = shares.reduce((sum, share) => sum + share.rounded, 0n)
  const content: StatementContent = {
    organisation_id: scope.organisation_id,
    partner_id: partner.id,
    month,
    currency: currencyOf(asset),
    lines: shares.map((share) => statementLine(asset, month, share)),
    total: formatMoney({ asset, amount: total }),
  }
  return insertStatement(scope, {
    id,
    partner_id: partner.id,
    reseller_organisation_id: partner.reseller_organisation_id,
    month,
    asset,
    total,
    lines: content.lines,
    digest: await digestOf(content),
  })
}

function noPartner(id: string): Refusal {
  return new Refusal('not-found', `There is no partner ${id}.`)
}
