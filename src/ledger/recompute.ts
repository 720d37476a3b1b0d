// What is asserted of the books. That debits equal credits cannot fail by itself, as a posting cannot be unbalanced;
// these checks find what a program or a hand in the database could have done.
import { z } from 'zod'
import type { Asset } from '../core/money.ts'
import { bigintColumn, type Scope } from '../store/index.ts'
import { firstFlowDifference } from './flows.ts'
import { firstDayDifference } from './groups.ts'
import { type AccountTotals, chartRow, readAsset } from './model.ts'
import { checkEntries, readTotals, recomputeTotals } from './store.ts'
import { type TrialTotal, totalsOf } from './totals.ts'

type Sides = { debits: bigint; credits: bigint }

/** The first account, in order of names, whose balance is not what its postings come to. */
export type BalanceDifference = { account: string; asset: Asset; rolled_up: Sides; recomputed: Sides }

/** The day no entry is booked after. */
const EVER = '9999-12-31'

const differenceRow = z.object({
  account: z.string(),
  asset: z.string(),
  rolled_debits: bigintColumn,
  rolled_credits: bigintColumn,
  all_debits: bigintColumn,
  all_credits: bigintColumn,
})

/**
 * Compares the balances (rolled up and waiting) with those of all postings, at one moment, and answers the first
 * difference. undefined: there is none.
 */
export async function firstDifference(scope: Scope): Promise<BalanceDifference | undefined> {
  const { organisation_id, tx } = scope
  const rows = await tx.$queryRaw`
    WITH marked AS (
      SELECT p.*, u.entry_id IS NULL AS rolled FROM posting p
      LEFT JOIN unrolled_entry u ON u.organisation_id = p.organisation_id AND u.entry_id = p.entry_id
      WHERE p.organisation_id = ${organisation_id}
    ), legs AS (
      SELECT account, asset, debits AS rd, credits AS rc, 0 AS ad, 0 AS ac FROM account_balance
      WHERE organisation_id = ${organisation_id}
      UNION ALL SELECT to_account, asset, CASE WHEN rolled THEN 0 ELSE amount END, 0, amount, 0 FROM marked
      UNION ALL SELECT from_account, asset, 0, CASE WHEN rolled THEN 0 ELSE amount END, 0, amount FROM marked
    )
    SELECT account, asset, sum(rd) AS rolled_debits, sum(rc) AS rolled_credits, sum(ad) AS all_debits,
           sum(ac) AS all_credits
    FROM legs GROUP BY account, asset HAVING sum(rd) <> sum(ad) OR sum(rc) <> sum(ac)
    ORDER BY account COLLATE "C", asset COLLATE "C" LIMIT 1`
  const row = z.array(differenceRow).parse(rows)[0]
  if (row === undefined) return undefined
  return {
    account: row.account,
    asset: readAsset(row.asset),
    rolled_up: { debits: row.rolled_debits, credits: row.rolled_credits },
    recomputed: { debits: row.all_debits, credits: row.all_credits },
  }
}

/** The trial balance of everything booked on or before a day, and its totals by book and asset. */
export async function trialBalance(
  scope: Scope,
  until?: string,
): Promise<{ accounts: AccountTotals[]; totals: TrialTotal[] }> {
  const rows = until === undefined ? await readTotals(scope, {}) : await recomputeTotals(scope, until)
  return { accounts: rows, totals: totalsOf(rows) }
}

/** Does a piece of work in a transaction. */
type InPieces = <T>(work: (scope: Scope) => Promise<T>) => Promise<T>

/** Entries whose hashes are recomputed in one transaction. */
const PIECE = 50_000

/** The first entry whose postings are not the ones it was booked with, or that has none. undefined: all are whole. */
async function firstAlteredEntry(inPieces: InPieces): Promise<string | undefined> {
  let after = 0n
  while (true) {
    const from = after
    const piece = await inPieces((scope) => checkEntries(scope, { after: from, limit: PIECE }))
    if (piece.altered !== null) return piece.altered
    if (piece.last === null) return undefined
    after = piece.last
  }
}

type Assertion = { name: string; ok: boolean; detail: string }
type Checked = { ok: boolean; assertions: Assertion[]; open_clearing: AccountTotals[] }

/** The same inside one transaction, for books that are small. */
export async function checkBooks(scope: Scope): Promise<Checked> {
  return checkInPieces((work) => work(scope))
}

/**
 * Every assertion about the books, with what it found; and the agreements that are not settled yet. What belongs together is
 * read in one transaction; the entries, which never change, page by page, so that books of any size are read to their end.
 */
export async function checkInPieces(inPieces: InPieces): Promise<Checked> {
  const { accounts, totals } = await inPieces((scope) => trialBalance(scope, EVER))
  const assertions = [
    rolledUp(await inPieces(firstDifference)),
    daily(await inPieces(firstDayDifference)),
    monthly(await inPieces(firstFlowDifference)),
    balanced(totals),
    known(accounts),
    whole(await firstAlteredEntry(inPieces)),
  ]
  const open_clearing = accounts.filter(
    ({ account, balance }) => account.startsWith('clearing:') && balance !== 0n,
  )
  return { ok: assertions.every(({ ok }) => ok), assertions, open_clearing }
}

function rolledUp(found: BalanceDifference | undefined): Assertion {
  const name = 'rolled_up_equals_recomputed'
  if (found === undefined) return { name, ok: true, detail: 'Every balance is what its postings come to.' }
  const { account, asset, rolled_up, recomputed } = found
  return {
    name,
    ok: false,
    detail:
      `${account} in ${asset}: the balances say debits ${rolled_up.debits}, credits ${rolled_up.credits}; ` +
      `the postings say debits ${recomputed.debits}, credits ${recomputed.credits} (minor units).`,
  }
}

function daily(found: string | undefined): Assertion {
  const name = 'days_come_to_balances'
  if (found === undefined) {
    return { name, ok: true, detail: 'The sums of all days come to the balances, row by row of the chart.' }
  }
  return { name, ok: false, detail: `The days of ${found} do not come to its balances.` }
}

function monthly(found: Awaited<ReturnType<typeof firstFlowDifference>>): Assertion {
  const name = 'months_equal_recomputed'
  if (found === undefined) return { name, ok: true, detail: 'Every month is what its postings come to.' }
  const { month, flow, cloud, asset, amount, recomputed } = found
  return {
    name,
    ok: false,
    detail:
      `${flow} on ${cloud} in ${month} in ${asset}: the month says ${amount}, ` +
      `the postings say ${recomputed} (minor units).`,
  }
}

function balanced(totals: readonly TrialTotal[]): Assertion {
  const off = totals.find(({ debits, credits }) => debits !== credits)
  const name = 'trial_balance_is_zero'
  if (off === undefined) return { name, ok: true, detail: 'Debits equal credits in every book and asset.' }
  return { name, ok: false, detail: `In ${off.asset} debits are ${off.debits} and credits ${off.credits}.` }
}

function known(rows: readonly AccountTotals[]): Assertion {
  const strange = rows.find(({ account }) => chartRow(account) === undefined)
  const name = 'accounts_are_in_the_chart'
  if (strange === undefined) return { name, ok: true, detail: 'Every account is in the chart of accounts.' }
  return { name, ok: false, detail: `${strange.account} is not in the chart of accounts.` }
}

function whole(altered: string | undefined): Assertion {
  const name = 'entries_are_as_they_were_booked'
  if (altered === undefined)
    return { name, ok: true, detail: 'Every entry has the postings it was booked with.' }
  return { name, ok: false, detail: `The postings of ${altered} are not the ones it was booked with.` }
}
