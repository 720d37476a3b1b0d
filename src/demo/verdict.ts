// What the story came to: the facts as the API tells them, and the checks that decide whether all of it is true. The
// sandbox's own payouts and bank statements are the other side of each comparison.

import { type Client, type Schemas, unwrap } from '../client/index.ts'
import { add, type Decimal, decimal, formatDecimal, isZero, sum, zero } from '../core/decimal.ts'
import { RESELLER, VENDOR } from './scenario.ts'
import type { Lived } from './teller.ts'

export type Check = { name: string; ok: boolean; detail: string }
export type SeatVerdict = {
  seat: 'vendor' | 'reseller'
  reconciliation: Schemas['Reconciliation'][]
  total: Schemas['Reconciliation'][]
  usage: Schemas['UsageSummary'][]
  exceptions: { sentence: string; fix: string }[]
}
export type Verdict = {
  ok: boolean
  checks: Check[]
  timelines: { title: string; events: Schemas['Timeline'] }[]
  seats: SeatVerdict[]
  partner_statements: Schemas['PartnerStatement'][]
  commitments: Schemas['CommitmentWithBalance'][]
}

export async function judge(lived: Lived): Promise<Verdict> {
  const seats = [await readSeat('vendor', lived.vendor), await readSeat('reseller', lived.reseller)]
  const checks = [
    ...(await checkBooks(lived, 'vendor', lived.vendor, VENDOR.account_id)),
    ...(await checkBooks(lived, 'reseller', lived.reseller, RESELLER.account_id)),
    ...seats.flatMap(checkSeat),
    ...(await checkUsage(lived, seats[0]?.usage ?? [])),
    ...(await checkPartner(lived)),
  ]
  const { vendor } = lived
  const partner_statements = unwrap(
    await vendor.GET('/v1/partner-statements', { params: { query: { limit: 100 } } }),
  ).items
  const commitments: Schemas['CommitmentWithBalance'][] = []
  for (const id of lived.commitments) {
    commitments.push(
      unwrap(await vendor.GET('/v1/commitments/{id}', { params: { path: { id }, query: { limit: 100 } } })),
    )
  }
  const ok = checks.every((check) => check.ok)
  return { ok, checks, timelines: await readTimelines(lived), seats, partner_statements, commitments }
}

async function readSeat(seat: SeatVerdict['seat'], client: Client): Promise<SeatVerdict> {
  const page = { params: { query: { limit: 100 } } }
  const { items, total } = unwrap(await client.GET('/v1/reconciliation', page))
  const usage = unwrap(await client.GET('/v1/usage/summary', {})).items
  const exceptions = unwrap(
    await client.GET('/v1/exceptions', { params: { query: { limit: 100, state: 'open' } } }),
  ).items
  return { seat, reconciliation: items, total, usage, exceptions }
}

async function readTimelines(lived: Lived): Promise<Verdict['timelines']> {
  const { vendor, reseller } = lived
  const read = async (client: Client, id: string) =>
    unwrap(await client.GET('/v1/offers/{id}', { params: { path: { id } } }))
  const direct = await read(vendor, lived.direct_offer)
  const opened = unwrap(
    await vendor.GET('/v1/resale-authorizations/{id}', { params: { path: { id: lived.authorization } } }),
  )
  const resold = await read(reseller, lived.reseller_offer)
  return [
    { title: `Direct offer "${direct.name}"`, events: direct.timeline },
    { title: `Resale authorization "${opened.name}"`, events: opened.timeline },
    { title: `Reseller's offer "${resold.name}"`, events: resold.timeline },
  ]
}

/** Every account whose name starts with a prefix, in all pages. */
async function readAccounts(client: Client, prefix: string): Promise<Schemas['LedgerAccount'][]> {
  const found: Schemas['LedgerAccount'][] = []
  let cursor: string | null = null
  do {
    const query: { prefix: string; limit: number; cursor?: string } = {
      prefix,
      limit: 100,
      ...(cursor === null ? {} : { cursor }),
    }
    const page: { items: Schemas['LedgerAccount'][]; next: string | null } = unwrap(
      await client.GET('/v1/ledger/accounts', { params: { query } }),
    )
    found.push(...page.items)
    cursor = page.next
  } while (cursor !== null)
  return found
}

/** What the books say the cloud sent on its way: every posting between what was collected and what is in transit. */
async function readDisbursed(client: Client): Promise<Decimal> {
  const amounts: string[] = []
  let cursor: string | null = null
  do {
    const query: { limit: number; cursor?: string } = { limit: 200, ...(cursor === null ? {} : { cursor }) }
    const page: { items: Schemas['LedgerEntry'][]; next: string | null } = unwrap(
      await client.GET('/v1/ledger/entries', { params: { query } }),
    )
    for (const { from, to, money } of page.items.flatMap((entry) => entry.postings)) {
      if (from.startsWith('receivable:collected:') && to.startsWith('asset:transit:'))
        amounts.push(money.amount)
      if (from.startsWith('asset:transit:') && to.startsWith('receivable:collected:'))
        amounts.push(`-${money.amount}`)
    }
    cursor = page.next
  } while (cursor !== null)
  return total(amounts)
}

function total(texts: readonly string[]): Decimal {
  return sum(texts.map((text) => decimal(text)))
}

function equal(name: string, left: Decimal, right: Decimal, what: [string, string]): Check {
  const ok = isZero(
    add(left, decimal(formatDecimal({ coefficient: -right.coefficient, scale: right.scale }))),
  )
  return { name, ok, detail: `${what[0]} ${formatDecimal(left)}, ${what[1]} ${formatDecimal(right)}` }
}

async function checkBooks(lived: Lived, seat: string, client: Client, account_id: string): Promise<Check[]> {
  const checked = unwrap(await client.GET('/v1/ledger/check', {}))
  const open: Check[] = []
  for (const prefix of ['clearing:', 'receivable:', 'asset:transit:']) {
    const accounts = await readAccounts(client, prefix)
    const left = accounts.filter((account) => !isZero(decimal(account.balance)))
    open.push({
      name: `${seat}: every ${prefix}* account is zero`,
      ok: left.length === 0 && accounts.length > 0,
      detail:
        left.map((account) => `${account.account} ${account.balance}`).join('; ') ||
        `${accounts.length} accounts, all zero`,
    })
  }
  const disbursed = await readDisbursed(client)
  const payouts = (await lived.sandbox.payouts(account_id)).map((payout) => payout.amount)
  const bank = total((await readAccounts(client, 'asset:bank:')).map((account) => account.balance))
  const booked = bankAmounts(await lived.sandbox.bankStatement(account_id))
  return [
    ...checked.assertions.map(({ name, ok, detail }) => ({ name: `${seat}: ${name}`, ok, detail })),
    ...open,
    equal(`${seat}: disbursed is what the cloud says it paid`, disbursed, total(payouts), ['booked', 'paid']),
    equal(`${seat}: bank is the sum of the bank's lines`, bank, total(booked), [
      'booked',
      'on the statements',
    ]),
    { name: `${seat}: something was paid`, ok: payouts.length > 0, detail: `${payouts.length} payouts` },
  ]
}

/** The third column of the sandbox's bank statement; its fields hold no commas before it. */
function bankAmounts(csv: string): string[] {
  return csv
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(',')[2] ?? '')
}

function checkSeat({ seat, reconciliation, total: totals, exceptions }: SeatVerdict): Check[] {
  const unexplained = [...reconciliation, ...totals].filter((item) => !item.explained)
  return [
    {
      name: `${seat}: expected against received, every difference named`,
      ok: unexplained.length === 0 && reconciliation.length > 0,
      detail: unexplained.length === 0 ? `${reconciliation.length} agreements` : JSON.stringify(unexplained),
    },
    {
      name: `${seat}: nothing waits for a person`,
      ok: exceptions.length === 0,
      detail: exceptions.map((item) => item.sentence).join(' ') || 'no open exception',
    },
  ]
}

async function checkUsage(lived: Lived, usage: Schemas['UsageSummary'][]): Promise<Check[]> {
  const accepted = await lived.sandbox.acceptedUsage(VENDOR.account_id)
  const cloud = accepted.reduce((units, record) => units + BigInt(record.quantity), 0n)
  const ours = total(usage.map((meter) => meter.accepted))
  const unbalanced = usage.filter((meter) => {
    const rest = [meter.drawn, meter.sent, meter.carried, meter.lost].reduce(
      (left, part) => add(left, decimal(part)),
      zero,
    )
    return !meter.balanced || formatDecimal(rest) !== formatDecimal(decimal(meter.used))
  })
  return [
    {
      name: 'usage: used = drawn + sent + carried + lost',
      ok: unbalanced.length === 0 && usage.length === 2,
      detail: usage
        .map((meter) => `${meter.used} = ${meter.drawn} + ${meter.sent} + ${meter.carried} + ${meter.lost}`)
        .join('; '),
    },
    equal('usage: what we sent is what the cloud accepted', ours, { coefficient: cloud, scale: 0 }, [
      'sent',
      'accepted',
    ]),
    {
      name: "usage: the cloud's own reports say the same",
      ok: usage.every((meter) => meter.difference !== null && isZero(decimal(meter.difference))),
      detail: usage.map((meter) => `${meter.cloud} reported`).join('; '),
    },
  ]
}

async function checkPartner({ vendor, partner, reseller }: Lived): Promise<Check[]> {
  const statements = unwrap(
    await vendor.GET('/v1/partner-statements', { params: { query: { limit: 100 } } }),
  ).items
  const seen = unwrap(
    await reseller.GET('/v1/partner-statements', { params: { query: { limit: 100 } } }),
  ).items
  const payable = total(
    (await readAccounts(vendor, `liability:partner:${partner}`)).map((account) => account.balance),
  )
  const owed = { coefficient: -payable.coefficient, scale: payable.scale }
  return [
    equal(
      'partner: payable is the sum of the statements',
      owed,
      total(statements.map((statement) => statement.total.amount)),
      ['payable', 'stated'],
    ),
    {
      name: 'partner: the reseller reads the same statements',
      ok: seen.length === statements.length && seen.length > 0,
      detail: `${seen.length} of ${statements.length}`,
    },
  ]
}
