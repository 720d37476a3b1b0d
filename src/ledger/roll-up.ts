import { z } from 'zod'
import type { Context } from '../context.ts'
import { plus } from '../core/time.ts'
import type { Scope } from '../store/index.ts'
import { done, type WorkItem, type WorkOutcome } from '../work/index.ts'

/** Entries one piece of work takes, so that a transaction stays short. */
const ROLL_UP_ENTRIES = 2000

/**
 * Moves queued entries into the balances, the sums of each day and the flows of the months: taking them from the queue
 * and adding them up is one statement, so none counts an entry twice nor misses one. Which cloud a flow belongs to its
 * agreement says; what a flow is, the database's function money_flow. Answers how many it took.
 */
export async function rollUp(scope: Scope, limit = ROLL_UP_ENTRIES): Promise<number> {
  const { organisation_id, tx } = scope
  const rows = await tx.$queryRaw`
    WITH picked AS (
      SELECT entry_id FROM unrolled_entry WHERE organisation_id = ${organisation_id}
      ORDER BY entry_id LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ), taken AS (
      DELETE FROM unrolled_entry u USING picked
      WHERE u.organisation_id = ${organisation_id} AND u.entry_id = picked.entry_id RETURNING u.entry_id
    ), moved AS (
      SELECT p.entry_id, p.from_account, p.to_account, p.asset, p.amount, p.book_date FROM taken
      JOIN posting p ON p.organisation_id = ${organisation_id} AND p.entry_id = taken.entry_id
    ), sums AS (
      SELECT account, asset, sum(debit) AS debits, sum(credit) AS credits FROM (
        SELECT to_account AS account, asset, amount AS debit, 0 AS credit FROM moved
        UNION ALL SELECT from_account, asset, 0, amount FROM moved) legs
      GROUP BY account, asset
    ), added AS (
      INSERT INTO account_balance (organisation_id, account, asset, debits, credits)
      SELECT ${organisation_id}, account, asset, debits, credits FROM sums ORDER BY account, asset
      ON CONFLICT (organisation_id, account, asset) DO UPDATE SET
        debits = account_balance.debits + EXCLUDED.debits, credits = account_balance.credits + EXCLUDED.credits
      RETURNING 1
    ), days AS (
      -- After the balances, and the months after the days: two pieces that share rows wait in one order only.
      INSERT INTO group_day (organisation_id, name, asset, book_date, debits, credits)
      SELECT ${organisation_id}, account_group(account), asset, book_date, sum(debit), sum(credit) FROM (
        SELECT to_account AS account, asset, book_date, amount AS debit, 0 AS credit FROM moved
        UNION ALL SELECT from_account, asset, book_date, 0, amount FROM moved) legs
      WHERE (SELECT count(*) FROM added) > 0
      GROUP BY 2, 3, 4 ORDER BY 2, 3, 4
      ON CONFLICT (organisation_id, name, asset, book_date) DO UPDATE SET
        debits = group_day.debits + EXCLUDED.debits, credits = group_day.credits + EXCLUDED.credits
      RETURNING 1
    ), flows AS (
      SELECT left(m.book_date, 7) AS month, f.flow, a.cloud, m.asset, sum(f.moved) AS amount FROM moved m
      -- One look-up for each of these few: joined, the whole table would be read.
      CROSS JOIN LATERAL (SELECT coalesce(reverses, reference) AS reference FROM entry
        WHERE organisation_id = ${organisation_id} AND id = m.entry_id LIMIT 1) e
      CROSS JOIN LATERAL money_flow(e.reference, m.from_account, m.to_account, m.amount) f
      JOIN agreement a ON a.organisation_id = ${organisation_id} AND a.id = f.agreement_id
      WHERE (SELECT count(*) FROM days) > 0
      GROUP BY 1, 2, 3, 4
    ), flowed AS (
      INSERT INTO month_flow (organisation_id, month, flow, cloud, asset, amount)
      SELECT ${organisation_id}, month, flow, cloud, asset, amount FROM flows ORDER BY month, flow, cloud, asset
      ON CONFLICT (organisation_id, month, flow, cloud, asset) DO UPDATE SET
        amount = month_flow.amount + EXCLUDED.amount
      RETURNING 1
    )
    SELECT (SELECT count(*) FROM taken)::int AS taken, (SELECT count(*) FROM flowed)::int AS flows`
  return z.array(z.object({ taken: z.number() })).parse(rows)[0]?.taken ?? 0
}

/** The handler of work kind "ledger.roll_up": one piece, and again at once while there is more. */
export function rollUpHandler(context: Pick<Context, 'store' | 'clocks'>) {
  return async (item: WorkItem): Promise<WorkOutcome> => {
    const taken = await context.store.inTenant(item.organisation_id, (scope) => rollUp(scope))
    if (taken < ROLL_UP_ENTRIES) return done
    return { done: false, again_at: plus(context.clocks.business.now(), 0) }
  }
}
