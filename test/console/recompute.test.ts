// A partner statement is computed again by its reader as the service computed it, and every change to it is found.
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { recompute, SCRIPT } from '../../src/console/screens/reselling/recompute.ts'
import { canonicalJson } from '../../src/core/canonical.ts'
import { decimal } from '../../src/core/decimal.ts'
import { formatMoney, money } from '../../src/core/money.ts'
import { digestOf, shareOf, statementLine } from '../../src/payouts/model.ts'

/** A statement as the service closes one. */
async function statementOf(bases: readonly bigint[], percent: string) {
  const lines = bases.map((basis, index) =>
    statementLine('USD/2', '2026-02', {
      line_key: `line ${index}`,
      agreement_id: 'agr_1',
      month: '2026-02',
      basis,
      share_percent: decimal(percent),
      rounded: shareOf(money('USD', basis), decimal(percent)).rounded.amount,
      occurred_at: new Date('2026-02-10T00:00:00Z'),
    }),
  )
  const total = bases.reduce(
    (sum, basis) => sum + shareOf(money('USD', basis), decimal(percent)).rounded.amount,
    0n,
  )
  const content = {
    organisation_id: 'org_1',
    partner_id: 'part_1',
    month: '2026-02',
    currency: 'USD',
    lines,
    total: formatMoney(money('USD', total)),
  }
  return { content, digest: await digestOf(content) }
}

test('what the service stated comes out again, refunds and halves of a cent too', async () => {
  const bases = fc.array(fc.bigInt({ min: -(10n ** 9n), max: 10n ** 11n }), { maxLength: 8 })
  const percents = fc.constantFrom('0', '4', '12.5', '33.33333333', '0.00000001', '100')
  await fc.assert(
    fc.asyncProperty(bases, percents, async (amounts, percent) => {
      const found = await recompute(await statementOf(amounts, percent))
      expect(found).toMatchObject({ wrong_lines: 0, total_agrees: true, digest_agrees: true })
    }),
  )
})

describe('a statement that was changed', () => {
  test('in a line: the line, the total and the digest say so', async () => {
    const { content, digest } = await statementOf([2_400_001n, 100n], '4')
    const lines = content.lines.map((line, index) => (index === 0 ? { ...line, rounded: '961.00' } : line))
    const found = await recompute({ content: { ...content, lines }, digest })
    expect(found).toMatchObject({ wrong_lines: 1, sum: '961.04', total_agrees: false, digest_agrees: false })
    expect(found.lines.get('line 0')).toEqual({ unrounded: '960.0004', rounded: '960.00', agrees: false })
    expect(found.lines.get('line 1')?.agrees).toBe(true)
  })

  test('so that all sums still fit: the digest says so', async () => {
    const { content, digest } = await statementOf([2_400_001n], '4')
    const found = await recompute({ content: { ...content, month: '2026-03' }, digest })
    expect(found).toMatchObject({ wrong_lines: 0, total_agrees: true, digest_agrees: false })
  })
})

test('the script that is handed out prints the digest of the content that is handed out', async () => {
  const { content, digest } = await statementOf([2_400_001n, 55n], '12.5')
  const folder = await mkdtemp(join(tmpdir(), 'syndic-statement-'))
  try {
    await writeFile(join(folder, 'check.mjs'), SCRIPT)
    await writeFile(join(folder, 'statement.json'), canonicalJson(content))
    const { stdout } = await promisify(execFile)(process.execPath, ['check.mjs'], { cwd: folder })
    expect(stdout.trim()).toBe(digest)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
