// One statement's bytes as normalised items: the connector's parser for a cloud's file, ours for a bank's.
import {
  type FileOwner,
  type Settlements,
  StatementError,
  type UsageLine,
} from '../../connectors/connector.ts'
import { openConnection } from '../connections/index.ts'
import type { Context } from '../context.ts'
import { type Asset, currencies, type Money, roundMoney } from '../core/money.ts'
import { BANK_FORMAT, parseBank } from './bank.ts'
import { openFile } from './files.ts'
import type { ReadLine } from './model.ts'
import { type Place, readHeader, readRows } from './rows.ts'

export type ReadItem =
  | { is: 'line'; line: ReadLine; asset: Asset; minor: bigint; paid: Money | null }
  | { is: 'usage'; usage: UsageLine }

/** How a statement is read: its format, and its items from the start each time it is asked. */
export type Reading = { format: string; items: () => AsyncGenerator<ReadItem> }

type File = { source: string; name: string; connection_id: string | null; parts: readonly string[] }
type Parts = Pick<Context, 'store' | 'seal' | 'connectors' | 'blobs'>

/** whole: the file must end with a line end. named: the cloud may be asked what its names of dimensions mean. */
type Asked = { whole: boolean; named: boolean }

/** Finds out how a file is to be read; undefined when it is none of the formats of its source. */
export async function reading(
  context: Parts,
  organisation_id: string,
  file: File,
  asked: Asked,
): Promise<Reading | undefined> {
  const bytes = () => openFile(context, file.parts)
  if (file.connection_id === null) {
    return { format: BANK_FORMAT, items: () => bankItems(bytes()) }
  }
  const { connector, connection } = await openConnection(context, organisation_id, file.connection_id)
  const settlements = connector.settlements
  if (settlements === undefined) return undefined
  const header = await readHeader(bytes())
  const format = settlements.recognise(file.name, header)
  if (format === null || settlements.skipped?.[format] !== undefined) return undefined
  const dimensions = asked.named ? await settlements.dimensions?.(connection) : undefined
  const owner = { account_id: connection.account_id, dimensions: dimensions ?? {} }
  return { format, items: () => cloudItems(settlements, format, bytes(), { ...asked, owner }) }
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
  asked: Pick<Asked, 'whole'> & { owner: FileOwner },
): AsyncGenerator<ReadItem> {
  const place: Place = { row: 0 }
  const rows = readRows(bytes, place, asked)
  for await (const item of settlements.parse(format, rows, asked.owner)) {
    yield item.is === 'line' ? valued(item.line, place) : item
  }
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
