// The exports are held against the programs that read them. Where a program is not installed the test says so and is
// skipped; with CI set it must be there.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { add, type Decimal, decimal, formatDecimal, isZero, negate, zero } from '../../src/core/decimal.ts'
import { formatMoney, money } from '../../src/core/money.ts'
import { beancountAccount } from '../../src/ledger/export-beancount.ts'
import { balances, type ExportFormat, exportBooks, recipes } from '../../src/ledger/index.ts'
import { closePeriod } from '../../src/ledger/periods.ts'
import { type TestContext, testContext } from '../support/context.ts'
import { book, usd } from './books.ts'

let context: TestContext
let directory: string
/** Account and currency → balance, as the ledger has it. */
let ours: Record<string, string>

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'syndic-export-'))
  context = await testContext({ start: '2026-04-01T00:00:00.000Z' })
  await someBooks()
  const rows = await context.store.inTenant(context.organisation_id, (scope) => balances(scope, ''))
  ours = Object.fromEntries(
    rows
      .filter((row) => row.balance !== 0n)
      .map((row) => [
        `${row.account} ${row.asset.slice(0, 3)}`,
        plain(formatMoney({ asset: row.asset, amount: row.balance })),
      ]),
  )
})
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true })
  await context.close()
})

/** Both books, two currencies (one without decimals), late and reversed entries, and text that means to break a file. */
async function someBooks(): Promise<void> {
  const nasty = 'Deal "A"; (50 %) \\ {x}\nsecond line | note  ; comment'
  const of = (key: string, amount: string, day = '2026-01-15') => ({
    key,
    agreement_id: 'agr_01',
    amount: usd(amount),
    occurred_at: new Date(`${day}T10:00:00.000Z`),
    evidence: {},
    description: nasty,
  })
  const sale = recipes.saleInvoiced(of('=HYPERLINK("x")', '12345.67'))
  if (sale === null) throw new Error('nothing to book')
  await book(
    context,
    recipes.offerAccepted(of('', '50000.00')),
    recipes.saleExpected({ ...of('i', '12345.67'), income: 'contract', releases: usd('12345.67') }),
    recipes.feeExpected({ ...of('i', '370.37'), cloud: 'aws', description: '* = ! ( strange beginnings' }),
    sale,
    recipes.disbursed({ ...of('l 1', '0.01'), disbursement_key: 'a:b c/ü;"~X_-' }),
    recipes.disbursed({ ...of('l 2', '0.02'), disbursement_key: 'A:b c/ü;"~X_-' }),
    recipes.saleInvoiced({ ...of('yen', '0'), amount: money('JPY', 1234567n), agreement_id: 'agr_yen' }),
    recipes.commitmentPromised({ ...of('', '1000000.00'), commitment_id: 'com_1' }),
    recipes.commitmentDrawn({ ...of('d', '12345.67'), commitment_id: 'com_1' }),
    recipes.partnerShare({ ...of('s', '617.28'), partner_id: 'part_x' }),
    recipes.exchanged({
      ...of('fx', '0'),
      from: 'asset:bank:yen',
      to: 'asset:bank:main',
      sold: money('JPY', 150n),
      bought: usd('1.00'),
    }),
  )
  await context.store.inTenant(context.organisation_id, (scope) => closePeriod(scope, '2026-01'))
  await book(context, recipes.correction(sale, { occurred_at: sale.occurred_at, evidence: {} }))
}

async function exported(format: ExportFormat, name: string): Promise<string> {
  let text = ''
  for await (const piece of exportBooks(context, context.organisation_id, format)) text += piece
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

/** One spelling per number, so that 1.50 and 1.5 agree. */
function plain(text: string): string {
  return formatDecimal(decimal(text.replaceAll(',', '')))
}

/** With CI set a program is taken to be there: where it is not, its tests fail instead of being skipped. */
function installed(program: string): boolean {
  if (process.env.CI || spawnSync(program, ['--version']).error === undefined) return true
  console.warn(`${program} is not installed: its tests are skipped.`)
  return false
}

function run(program: string, ...words: string[]): string {
  return execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

describe.skipIf(!installed('hledger'))('hledger', () => {
  test('accepts the journal, strictly', async () => {
    const path = await exported('hledger', 'strict.journal')
    run('hledger', '-f', path, 'check')
    run('hledger', '-f', path, 'check', '--strict')
  })

  test('comes to the same balances', async () => {
    const path = await exported('hledger', 'balance.journal')
    const text = run('hledger', '-f', path, 'balance', '--flat', '--no-total', '-O', 'csv', '--layout=bare')
    const rows: string[][] = parse(text, { from_line: 2 })
    const theirs = Object.fromEntries(
      rows.map(([account, currency, amount = '']) => [`${account} ${currency}`, plain(amount)]),
    )
    expect(theirs).toEqual(ours)
  })
})

describe.skipIf(!installed('ledger'))('ledger', () => {
  test('accepts the same journal, strictly, and comes to the same balances', async () => {
    const path = await exported('hledger', 'ledger.journal')
    const format = '%(account) %(commodity(scrub(amount)))\t%(quantity(scrub(amount)))\n'
    const text = run('ledger', '-f', path, '--strict', '--pedantic', 'register', '--register-format', format)
    const theirs = summed(
      text
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t')),
    )
    expect(theirs).toEqual(ours)
  })
})

describe.skipIf(!installed('bean-check'))('Beancount', () => {
  test('accepts the file', async () => {
    const path = await exported('beancount', 'check.beancount')
    expect(run('bean-check', path)).toBe('')
  })

  test.skipIf(!installed('bean-query'))('comes to the same balances', async () => {
    const path = await exported('beancount', 'balance.beancount')
    const query = 'SELECT account, currency, sum(number) AS amount GROUP BY account, currency'
    const rows: string[][] = parse(run('bean-query', '-f', 'csv', path, query), { from_line: 2, trim: true })
    const theirs = Object.fromEntries(
      rows
        .map(([account, currency, amount = '']) => [`${account} ${currency}`, plain(amount.trim())] as const)
        .filter(([, amount]) => amount !== '0'),
    )
    const expected = Object.fromEntries(
      Object.entries(ours).map(([key, amount]) => {
        const [account = '', currency] = key.split(' ')
        return [`${beancountAccount(account)} ${currency}`, amount]
      }),
    )
    expect(theirs).toEqual(expected)
  })
})

test('CSV has a debit and a credit column that come to the same balances, and runs nothing in a spreadsheet', async () => {
  const path = await exported('csv', 'books.csv')

  const rows: Record<string, string>[] = parse(readFileSync(path), { columns: true })
  const legs = rows.map((row) => [
    `${row.account} ${row.currency}`,
    row.debit === '' ? `-${row.credit}` : (row.debit ?? ''),
  ])
  expect(summed(legs)).toEqual(ours)
  expect(rows.every((row) => (row.debit === '') !== (row.credit === ''))).toBe(true)
  expect(rows.some((row) => row.reference === 'sale_invoiced:=HYPERLINK("x")')).toBe(true)
  expect(rows.filter((row) => /^[=+@-]/.test(row.description ?? ''))).toEqual([])
})

function summed(legs: string[][]): Record<string, string> {
  const sums = new Map<string, Decimal>()
  for (const [key = '', amount = ''] of legs) {
    const value = amount.startsWith('-') ? negate(decimal(amount.slice(1))) : decimal(amount)
    sums.set(key, add(sums.get(key) ?? zero, value))
  }
  return Object.fromEntries(
    [...sums].filter(([, sum]) => !isZero(sum)).map(([key, sum]) => [key, formatDecimal(sum)]),
  )
}
