import type { Asset, Money } from '../core/money.ts'
import type { Scope } from '../store/index.ts'
import type { AccountTotals } from './model.ts'
import { readTotals } from './store.ts'

/**
 * What an account stands at: debits minus credits, exact at this moment. With an asset: exactly one amount, zero where
 * nothing was booked. Without: every asset that is not zero.
 */
export async function balance(scope: Scope, account: string, asset?: Asset): Promise<Money[]> {
  const totals = await readTotals(scope, { accounts: [account] })
  if (asset !== undefined) {
    return [{ asset, amount: totals.find((item) => item.asset === asset)?.balance ?? 0n }]
  }
  return totals
    .filter((item) => item.balance !== 0n)
    .map((item) => ({ asset: item.asset, amount: item.balance }))
}

/** Every account whose name begins with a prefix ("clearing:"), with what went in and out; also those at zero. */
export async function balances(scope: Scope, prefix: string): Promise<AccountTotals[]> {
  return readTotals(scope, { prefix })
}

/** What some accounts stand at, each in every asset it has; those that nothing was booked on are left out. */
export async function balancesOf(scope: Scope, accounts: readonly string[]): Promise<AccountTotals[]> {
  return accounts.length === 0 ? [] : readTotals(scope, { accounts })
}
