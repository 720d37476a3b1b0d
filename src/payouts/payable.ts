import { type Asset, type MoneyText, moneyText } from '../core/money.ts'
import { accounts, balance } from '../ledger/index.ts'
import type { Scope } from '../store/index.ts'
import { statedTotals, unstatedShares } from './store.ts'

/** What is owed to a partner in one currency, by the books and by its statements. */
type Payable = {
  /** The ledger's account of the partner; no payment is booked against it yet. */
  payable: MoneyText
  stated: MoneyText
  unstated: MoneyText
  /** Statements and unstated shares come to what the books owe. */
  agrees: boolean
}

/** Checks that what the books owe a partner is the sum of its statements and of what is not stated yet. */
export async function payable(scope: Scope, partner_id: string): Promise<Payable[]> {
  const owed = await balance(scope, accounts.partner(partner_id))
  const stated = await statedTotals(scope, partner_id)
  const unstated = (await unstatedShares(scope, partner_id)).map((item) => item.money)
  const assets = new Set<Asset>([...owed, ...stated, ...unstated].map((money) => money.asset))
  const amountOf = (list: readonly { asset: Asset; amount: bigint }[], asset: Asset) =>
    list.find((money) => money.asset === asset)?.amount ?? 0n
  return [...assets].sort().map((asset) => {
    const parts = {
      // A liability stands on the credit side: the balance is negative where we owe.
      payable: -amountOf(owed, asset),
      stated: amountOf(stated, asset),
      unstated: amountOf(unstated, asset),
    }
    return {
      payable: moneyText({ asset, amount: parts.payable }),
      stated: moneyText({ asset, amount: parts.stated }),
      unstated: moneyText({ asset, amount: parts.unstated }),
      agrees: parts.payable === parts.stated + parts.unstated,
    }
  })
}
