// Fetching the cloud's files: known, handed on once, whole, and nobody else's.
import { claim, equal, faultOf, given, show } from '../claims.ts'
import { facet } from '../deal.ts'
import type { Scenario } from '../scenario.ts'
import { fetched, newFiles, parsed, settled } from '../statements.ts'

export const statementPullScenarios: Scenario[] = [
  {
    id: 'settlements.known',
    title: 'Every file is known: one of our formats, or left out with a reason',
    needs: ['settlements', 'offers'],
    async run(market) {
      const { files } = await settled(market)
      const { skipped = {} } = facet(market, 'settlements')
      claim(
        files.some(({ format }) => format === market.statements.format),
        `There is one of the format ${market.statements.format}`,
      )
      for (const file of files) {
        const items = await parsed(market, file)
        const reason = skipped[file.format]
        if (reason === undefined) continue
        claim(reason.length > 10, `${file.format} is left out with a reason`)
        equal(items, [], `What is read of ${file.format}`)
      }
    },
  },
  {
    id: 'settlements.pull_once',
    title: 'A file is handed on once in each version',
    needs: ['settlements', 'offers'],
    async run(market) {
      const { files, next } = await settled(market)
      const versions = files.map(({ file }) => `${file.name} ${file.version}`)
      equal(new Set(versions).size, versions.length, 'The number of different files')
      const again = await facet(market, 'settlements').pull(market.vendor, next)
      equal(again.items, [], 'What is new after that')
    },
  },
  {
    id: 'settlements.pull_new',
    title: 'What was written since is handed on, and nothing that is known',
    needs: ['settlements', 'offers'],
    async run(market) {
      const { files, next } = await settled(market)
      await market.deeds.nextMonth()
      const { items } = await newFiles(market, market.vendor, next)
      claim(items.length > 0, 'There is something new')
      const known = files.map(({ file }) => `${file.name} ${file.version}`)
      for (const { name, version } of items)
        claim(!known.includes(`${name} ${version}`), `${name} in this version was handed on before`)
    },
  },
  {
    id: 'settlements.foreign',
    title: 'Another seller does not get our files',
    needs: ['settlements', 'offers'],
    async run(market) {
      const { files } = await settled(market)
      const { file } = given(
        files.find(({ format }) => format === market.statements.format),
        'file with money',
      )
      const stranger = market.statements.intruder(await market.stranger(), market.vendor)
      await faultOf(
        () => facet(market, 'settlements').fetchFile(stranger, file.name),
        ['forbidden', 'not_found', 'unauthorised'],
      )
    },
  },
  {
    id: 'settlements.missing_file',
    title: 'A file that is not there is not found',
    needs: ['settlements'],
    async run(market) {
      await faultOf(
        () => facet(market, 'settlements').fetchFile(market.vendor, market.expected.statement.missing),
        ['not_found'],
      )
    },
  },
  {
    id: 'settlements.lost_file',
    title: 'A file whose answer was lost is fetched again, whole',
    needs: ['settlements', 'offers'],
    async run(market) {
      const { files } = await settled(market)
      const money = given(
        files.find(({ format }) => format === market.statements.format),
        'file with money',
      )
      market.network.cut()
      const { fetchFile } = facet(market, 'settlements')
      await faultOf(() => fetchFile(market.vendor, money.file.name), ['connection_lost'])
      market.network.mend()
      const again = await fetched(market, market.vendor, money.file)
      equal(again.rows, money.rows, 'The rows')
      claim(again.rows.length > 1, `There are rows: ${show(again.rows.length)}`)
    },
  },
]
