import { StatementError, type StatementItem, type StatementLine } from '../../../connectors/connector.ts'
import { negate } from '../../../src/core/decimal.ts'
import { type Planted, within } from './plant.ts'

/** Changes each line that is read. */
function lines(change: (line: StatementLine) => StatementLine): Planted['plant'] {
  return within('settlements', (real) => ({
    async *parse(format, rows): AsyncGenerator<StatementItem> {
      for await (const item of real.parse(format, rows))
        yield item.is === 'line' ? { is: 'line', line: change(item.line) } : item
    },
  }))
}

/** Told with a row that is one too small, as when the header is not counted. */
async function* miscounted(items: AsyncIterable<StatementItem>): AsyncGenerator<StatementItem> {
  try {
    yield* items
  } catch (error) {
    if (!(error instanceof StatementError)) throw error
    const { row } = error.problem
    throw new StatementError({ ...error.problem, row: row === null ? null : row - 1 })
  }
}

async function* swallowed(items: AsyncIterable<StatementItem>): AsyncGenerator<StatementItem> {
  try {
    yield* items
  } catch (error) {
    if (!(error instanceof StatementError)) throw error
  }
}

export const moneyBugs: readonly Planted[] = [
  {
    bug: 'the key of a line holds its version',
    caught_by: ['settlements.restated'],
    plant: lines((line) => ({ ...line, key: `${line.key}/${line.version}` })),
  },
  {
    bug: 'the version of a line never changes',
    caught_by: ['settlements.restated'],
    plant: lines((line) => ({ ...line, version: '1' })),
  },
  {
    bug: 'fees have the other sign',
    caught_by: ['settlements.fee', 'settlements.payout'],
    plant: lines((line) => (line.kind === 'listing_fee' ? { ...line, amount: negate(line.amount) } : line)),
  },
  {
    bug: 'a line does not point to its pay-out',
    caught_by: ['settlements.payout'],
    plant: lines((line) => ({ ...line, disbursement_key: null })),
  },
  {
    bug: 'the agreement of a sale is dropped',
    caught_by: ['settlements.sale'],
    plant: lines((line) => ({ ...line, agreement_id: null })),
  },
  {
    bug: 'a broken row ends the file in silence',
    caught_by: ['settlements.broken_amount', 'settlements.cut_row'],
    plant: within('settlements', (real) => ({ parse: (...given) => swallowed(real.parse(...given)) })),
  },
  {
    bug: 'rows are counted without the header',
    caught_by: ['settlements.broken_amount', 'settlements.broken_date', 'settlements.cut_row'],
    plant: within('settlements', (real) => ({ parse: (...given) => miscounted(real.parse(...given)) })),
  },
  {
    bug: 'any file is recognised',
    caught_by: ['settlements.unknown_file'],
    plant: within('settlements', (real) => ({
      recognise: (name, header) => real.recognise(name, header) ?? 'some.format',
    })),
  },
  {
    bug: 'files are handed on again and again',
    caught_by: ['settlements.pull_once', 'settlements.pull_new'],
    clouds: ['aws', 'gcp'],
    plant: within('settlements', (real) => ({ pull: (connection) => real.pull(connection, null) })),
  },
]
