// Reports as files: restated, reordered, damaged, or not the cloud's at all.
import { formatDecimal } from '../../../src/core/decimal.ts'
import { claim, equal, given, holds, show } from '../claims.ts'
import { facet } from '../deal.ts'
import type { Scenario } from '../scenario.ts'
import { linesOf, moneyFile, parsed, problemOf, toRow, withCell } from '../statements.ts'

export const statementFileScenarios: Scenario[] = [
  {
    id: 'settlements.restated',
    title: 'A row that was restated keeps its key and gets a later version',
    needs: ['settlements', 'offers'],
    async run(market) {
      const { format, rows } = await moneyFile(market)
      const [header = []] = rows
      const again = rows.map((cells, index) => {
        const row = toRow(rows, cells)
        if (index === 0 || !market.statements.isSale(row)) return cells
        const restated = market.statements.restated(row)
        return header.map((name) => restated[name] ?? '')
      })
      const isSale = ({ kind, stage }: { kind: string; stage: string }) =>
        kind === 'sale' && stage === 'invoiced'
      const before = given(linesOf(await parsed(market, { format, rows })).find(isSale), 'sale')
      const after = given(
        linesOf(await parsed(market, { format, rows: again })).find(isSale),
        'restated sale',
      )
      equal(after.key, before.key, 'The key')
      claim(after.version > before.version, `The version is later: ${before.version}, then ${after.version}`)
      equal([formatDecimal(before.amount), formatDecimal(after.amount)], ['60000', '59000'], 'The amounts')
    },
  },
  {
    id: 'settlements.same_again',
    title: 'The same file read again gives the same lines with the same keys and versions',
    needs: ['settlements', 'offers'],
    async run(market) {
      const file = await moneyFile(market)
      equal(await parsed(market, file), await parsed(market, file), 'The lines')
    },
  },
  {
    id: 'settlements.columns_moved',
    title: 'Columns are found by name: moved and added ones change nothing',
    needs: ['settlements', 'offers'],
    async run(market) {
      const { format, rows } = await moneyFile(market)
      const moved = rows.map((cells, index) => [index === 0 ? 'of_tomorrow' : 'x', ...cells.toReversed()])
      const plain = (items: Awaited<ReturnType<typeof parsed>>) =>
        linesOf(items).map(({ raw: _, ...line }) => line)
      equal(
        plain(await parsed(market, { format, rows: moved })),
        plain(await parsed(market, { format, rows })),
        'The lines',
      )
    },
  },
  {
    id: 'settlements.broken_amount',
    title: 'An amount that is no number is told with its row and its column',
    needs: ['settlements', 'offers'],
    async run(market) {
      const { format, rows } = await moneyFile(market)
      const { amount_column } = market.statements
      const problem = await problemOf(market, { format, rows: withCell(rows, 1, amount_column, '12,50 USD') })
      holds(problem, { row: 2, column: amount_column.toLowerCase(), rule: /12,50 USD/ }, 'The problem')
    },
  },
  {
    id: 'settlements.broken_date',
    title: 'A date that is none is told with its row and its column',
    needs: ['settlements', 'offers'],
    async run(market) {
      const { format, rows } = await moneyFile(market)
      const { date_column } = market.statements
      const problem = await problemOf(market, { format, rows: withCell(rows, 1, date_column, '31/31/2026') })
      holds(problem, { row: 2, column: date_column.toLowerCase(), rule: /31\/31\/2026/ }, 'The problem')
    },
  },
  {
    id: 'settlements.cut_row',
    title: 'A row that is cut off is told with its number',
    needs: ['settlements', 'offers'],
    async run(market) {
      const { format, rows } = await moneyFile(market)
      const last = rows.length - 1
      const cut = rows.map((cells, index) => (index === last ? cells.slice(0, 3) : cells))
      const problem = await problemOf(market, { format, rows: cut })
      equal(problem.row, rows.length, 'The row')
    },
  },
  {
    id: 'settlements.missing_column',
    title: 'A column that is not there is told by its name',
    needs: ['settlements', 'offers'],
    async run(market) {
      const { format, rows } = await moneyFile(market)
      const { needed_column } = market.statements
      const place = (rows[0] ?? []).indexOf(needed_column)
      const less = rows.map((cells) => cells.toSpliced(place, 1))
      const problem = await problemOf(market, { format, rows: less })
      holds(problem, { row: 1, column: needed_column.toLowerCase() }, 'The problem')
    },
  },
  {
    id: 'settlements.empty_file',
    title: 'An empty file is told, and a header alone is no money',
    needs: ['settlements', 'offers'],
    async run(market) {
      const { format, rows } = await moneyFile(market)
      await problemOf(market, { format, rows: [] })
      equal(await parsed(market, { format, rows: rows.slice(0, 1) }), [], 'What a header alone gives')
    },
  },
  {
    id: 'settlements.unknown_file',
    title: "A file that is not the cloud's is not recognised, and a format that is not ours is refused",
    needs: ['settlements'],
    async run(market) {
      const { recognise } = facet(market, 'settlements')
      equal(recognise('holiday.csv', ['place', 'from', 'to']), null, 'The format of another file')
      equal(recognise('statement.csv', []), null, 'The format of an empty file')
      const problem = await problemOf(market, { format: 'another.format', rows: [['a'], ['1']] })
      claim(show(problem).includes('another.format'), `The format is named: ${show(problem)}`)
    },
  },
]
