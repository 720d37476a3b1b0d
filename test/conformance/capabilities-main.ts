// Writes the table of capabilities into README.md, or with --check says whether it is as the connectors are.
import { readFileSync, writeFileSync } from 'node:fs'
import { connectors, tableOf, withTable } from './capabilities.ts'

const file = new URL('../../README.md', import.meta.url)
const page = readFileSync(file, 'utf8')
const made = withTable(page, tableOf(connectors()))
if (!process.argv.includes('--check')) writeFileSync(file, made)
else if (made !== page) {
  process.stderr.write(
    'README.md shows other capabilities than the connectors have: npm run capabilities:make\n',
  )
  process.exitCode = 1
}
