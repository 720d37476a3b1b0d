import { type Asset, type MoneyText, moneyText } from '../core/money.ts'
import { accounts, balancesOf } from '../ledger/index.ts'
import type { Scope } from '../store/index.ts'
import { statedTotals, unstatedShares } from './store-statements.ts'

/** What is owed to a partner in one currency, by the books and by its statements. */
export type Payable = {
  /** The ledger's account of the partner; no payment is booked against it yet. */
  payable: MoneyText
  stated: MoneyText
  unstated: MoneyText
  /** Statements and unstated shares come to what the books owe. */
  agrees: boolean
}

/** Checks that what the books owe each partner is the sum of its statements and of what is not stated yet. */
export async function payables(
  scope: Scope,
  partner_ids: readonly string[],
): Promise<Map<string, Payable[]>> {
  const owed = await balancesOf(
    scope,
    partner_ids.map((id) => accounts.partner(id)),
  )
  const stated = await statedTotals(scope, partner_ids)
  const unstated = await unstatedShares(scope, partner_ids)
  return new Map(
    partner_ids.map((id) => {
      const account = accounts.partner(id)
      // A liability stands on the credit side: the balance is negative where we owe.
      const sums = {
        payable: amountsOf(
          owed.filter((row) => row.account === account).map(({ asset, balance }) => [asset, -balance]),
        ),
        stated: amountsOf(
          stated.filter((row) => row.partner_id === id).map(({ money }) => [money.asset, money.amount]),
        ),
        unstated: amountsOf(
          unstated.filter((row) => row.partner_id === id).map(({ money }) => [money.asset, money.amount]),
        ),
      }
      const assets = new Set<Asset>(Object.values(sums).flatMap((amounts) => [...amounts.keys()]))
      return [id, [...assets].sort().map((asset) => compared(asset, sums))]
    }),
  )
}

/** What is owed to one partner. */
export async function payable(scope: Scope, partner_id: string): Promise<Payable[]> {
  return (await payables(scope, [partner_id])).get(partner_id) ?? []
}

type Amounts = ReadonlyMap<Asset, bigint>

/** Sums that are nothing are left out. */
function amountsOf(pairs: readonly (readonly [Asset, bigint])[]): Amounts {
  return new Map(pairs.filter(([, amount]) => amount !== 0n))
}

function compared(asset: Asset, sums: Record<'payable' | 'stated' | 'unstated', Amounts>): Payable {
  const of = (amounts: Amounts) => amounts.get(asset) ?? 0n
  const text = (amounts: Amounts) => moneyText({ asset, amount: of(amounts) })
  return {
    payable: text(sums.payable),
    stated: text(sums.stated),
    unstated: text(sums.unstated),
    agrees: of(sums.payable) === of(sums.stated) + of(sums.unstated),
  }
}
