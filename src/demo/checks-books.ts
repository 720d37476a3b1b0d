// The books of one seat: their own assertions, nothing left open, and each cloud's money from the pay-out to the bank.
import { type Client, type Schemas, unwrap } from '../client/index.ts'
import { type Decimal, decimal, isZero } from '../core/decimal.ts'
import type { Control } from '../sandbox/model.ts'
import { type Check, equal, total } from './checks.ts'
import { readAccounts, readEntries } from './reading.ts'
import type { Seat, World } from './world.ts'

/** What must be settled when every buyer has paid and every cloud has paid out. */
const SETTLED = ['clearing:', 'receivable:', 'asset:transit:']

export async function checkBooks(seat: Seat, client: Client): Promise<Check[]> {
  const checked = unwrap(await client.GET('/v1/ledger/check', {}))
  const checks = checked.assertions.map(({ name, ok, detail }) => ({ name: `${seat}: ${name}`, ok, detail }))
  for (const prefix of SETTLED) {
    const accounts = await readAccounts(client, prefix)
    const left = accounts.filter((account) => !isZero(decimal(account.balance)))
    checks.push({
      name: `${seat}: every ${prefix}* account is zero`,
      ok: left.length === 0 && accounts.length > 0,
      detail:
        left.map((account) => `${account.account} ${account.balance}`).join('; ') ||
        `${accounts.length} accounts, all zero`,
    })
  }
  return checks
}

/** The cloud's own word on what it paid, and the bank's, against the books. */
export async function checkMoney(
  sandbox: Control,
  seat: Seat,
  client: Client,
  world: World,
): Promise<Check[]> {
  const { cloud, scenario } = world
  const payouts = await world.payouts(seat)
  const disbursed = disbursedInto(`asset:bank:${cloud}`, await readEntries(client))
  const bank = await readAccounts(client, `asset:bank:${cloud}`)
  const statement = bankAmounts(await sandbox.bankStatement(scenario.sellers[seat].account_id))
  const name = `${cloud} ${seat}`
  return [
    equal(`${name}: disbursed is what the cloud says it paid`, disbursed, total(payouts), ['booked', 'paid']),
    equal(
      `${name}: bank is the sum of the bank's lines`,
      total(bank.map(({ balance }) => balance)),
      total(statement),
      ['booked', 'on the statements'],
    ),
    { name: `${name}: something was paid`, ok: payouts.length > 0, detail: `${payouts.length} payouts` },
  ]
}

/** What was put in transit by those pay-outs that ended on one bank account; what came back is taken off. */
function disbursedInto(bank: string, entries: readonly Schemas['LedgerEntry'][]): Decimal {
  const postings = entries.flatMap((entry) => entry.postings)
  const transits = new Set(postings.filter(({ to }) => to === bank).map(({ from }) => from))
  return total(
    postings.flatMap(({ from, to, money }) => {
      if (transits.has(to) && !from.startsWith('asset:bank:')) return [money.amount]
      return transits.has(from) && !to.startsWith('asset:bank:') ? [`-${money.amount}`] : []
    }),
  )
}

/** The third column of the sandbox's bank statement; its fields hold no commas before it. */
function bankAmounts(csv: string): string[] {
  return csv
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(',')[2] ?? '')
}
