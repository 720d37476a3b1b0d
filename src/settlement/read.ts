// One statement's bytes as normalised items: the connector's parser for a cloud's file, ours for a bank's.
import {
  type Description,
  type FileOwner,
  type Settlements,
  StatementError,
  type StatementItem,
  type TotalLine,
  type UsageLine,
} from '../../connectors/connector.ts'
import { openConnection } from '../connections/index.ts'
import type { Context } from '../context.ts'
import type { Decimal } from '../core/decimal.ts'
import { type Asset, currencies, type Money, roundMoney } from '../core/money.ts'
import { BANK_FORMAT, parseBank } from './bank.ts'
import { openFile } from './files.ts'
import type { ReadLine } from './model.ts'
import { type Place, readHeader, readRows } from './rows.ts'

export type ReadItem =
  | { is: 'line'; line: ReadLine; asset: Asset; minor: bigint; paid: Money | null }
  | { is: 'usage'; usage: UsageLine }
  | { is: 'total'; total: ReadTotal }
  | { is: 'description'; description: Description }

/** What a report says of one sale, in minor units. */
export type ReadTotal = {
  agreement_id: string
  reference: string
  asset: Asset
  invoiced: bigint
  collected: bigint | null
  disbursed: bigint
}

/**
 * How a statement is read: its format, and its items from the start each time it is asked. `told` holds what a whole
 * reading learnt of the file: the account it was written for, by the cloud's own name.
 */
export type Reading = { format: string; items: () => AsyncGenerator<ReadItem>; told: Told }
type Told = { written_for: string | null }

type File = { source: string; name: string; connection_id: string | null; parts: readonly string[] }
type Parts = Pick<Context, 'store' | 'seal' | 'connectors' | 'blobs'>

/** whole: the file must end with a line end. named: the cloud may be asked what its names of dimensions mean. */
type Asked = { whole: boolean; named: boolean }

/** A file that is not read: why a known format holds nothing for the books; null: it is none of its source's formats. */
export type NotRead = { passed_over: string | null }

/** Finds out how a file is to be read, or that it is not. */
export async function reading(
  context: Parts,
  organisation_id: string,
  file: File,
  asked: Asked,
): Promise<Reading | NotRead> {
  const bytes = () => openFile(context, file.parts)
  if (file.connection_id === null) {
    return { format: BANK_FORMAT, items: () => bankItems(bytes()), told: { written_for: null } }
  }
  const { connector, connection } = await openConnection(context, organisation_id, file.connection_id)
  const settlements = connector.settlements
  if (settlements === undefined) return { passed_over: null }
  const header = await readHeader(bytes())
  const format = settlements.recognise(file.name, header)
  const reason = format === null ? undefined : settlements.skipped?.[format]
  if (format === null || reason !== undefined) return { passed_over: reason ?? null }
  const dimensions = asked.named ? await settlements.dimensions?.(connection) : undefined
  const owner = { account_id: connection.account_id, dimensions: dimensions ?? {} }
  const told: Told = { written_for: null }
  return { format, items: () => cloudItems(settlements, format, bytes(), { ...asked, owner, told }), told }
}

async function* bankItems(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ReadItem> {
  const place: Place = { row: 0 }
  for await (const line of parseBank(readRows(bytes, place, { whole: false }), place)) {
    yield valued(line, place)
  }
}

async function* cloudItems(
  settlements: Settlements,
  format: string,
  bytes: AsyncIterable<Uint8Array>,
  asked: Pick<Asked, 'whole'> & { owner: FileOwner; told: Told },
): AsyncGenerator<ReadItem> {
  const place: Place = { row: 0 }
  const rows = readRows(bytes, place, asked)
  for await (const item of settlements.parse(format, rows, asked.owner)) {
    if (item.owner) asked.told.written_for = sameOwner(asked.told.written_for, item.owner, place)
    yield read(item, place)
  }
}

function read(item: StatementItem, place: Place): ReadItem {
  if (item.is === 'line') return valued(item.line, place)
  if (item.is === 'total') return { is: 'total', total: summed(item.total, place) }
  return item.is === 'usage'
    ? { is: 'usage', usage: item.usage }
    : { is: 'description', description: item.description }
}

function sameOwner(known: string | null, owner: string, { row }: Place): string {
  if (known === null || known === owner) return owner
  const rule = `The file was written for ${known}, and this row for ${owner}`
  throw new StatementError({
    row,
    column: null,
    rule,
    fix: 'Bring the file of one account, as the cloud wrote it.',
  })
}

function summed({ agreement_id, reference, currency, ...amounts }: TotalLine, place: Place): ReadTotal {
  const minor = (amount: Decimal) => moneyOf({ amount, currency }, place)
  const { asset, amount: invoiced } = minor(amounts.invoiced)
  const collected = amounts.collected === null ? null : minor(amounts.collected).amount
  return { agreement_id, reference, asset, invoiced, collected, disbursed: minor(amounts.disbursed).amount }
}

/** Money begins here: an exact amount becomes whole minor units, half up. The exact one is kept beside it. */
function valued(line: ReadLine, place: Place): ReadItem {
  const amount = moneyOf(line, place)
  const paid = line.paid ? moneyOf(line.paid, place) : null
  return { is: 'line', line, asset: amount.asset, minor: amount.amount, paid }
}

function moneyOf({ amount, currency }: Pick<ReadLine, 'amount' | 'currency'>, place: Place): Money {
  if (currencies.includes(currency)) return roundMoney(currency, amount, 'half_up')
  throw new StatementError({
    row: place.row,
    column: 'currency',
    rule: `"${currency}" is not a currency we know`,
    fix: `Known are ${currencies.join(', ')}`,
  })
}
