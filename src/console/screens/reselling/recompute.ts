// A partner statement computed again from its own lines, by whoever reads it. Pure but for the digest.
import type { Schemas } from '../../../client/index.ts'
import { canonicalJson, sha256 } from '../../../core/canonical.ts'
import { compare, decimal, formatDecimal, multiply } from '../../../core/decimal.ts'
import { assetOf, formatMoney, roundMoney, sumMoney } from '../../../core/money.ts'

type Statement = Schemas['PartnerStatement']

export type Recomputed = {
  /** What each line comes to, by its key. */
  lines: ReadonlyMap<string, { unrounded: string; rounded: string; agrees: boolean }>
  wrong_lines: number
  /** The sum of the lines as the statement has them. */
  sum: string
  total_agrees: boolean
  digest: string | undefined
  /** undefined: this browser computes no digests here. */
  digest_agrees: boolean | undefined
}

/** sale × share ÷ 100, rounded half to even; the sum of the lines; the digest of the content. */
export async function recompute({
  content,
  digest,
}: Pick<Statement, 'content' | 'digest'>): Promise<Recomputed> {
  const { currency, total } = content
  const lines = new Map(
    content.lines.map((line) => {
      const unrounded = multiply(multiply(decimal(line.basis), decimal(line.share_percent)), decimal('0.01'))
      const rounded = formatMoney(roundMoney(currency, unrounded, 'half_even'))
      const agrees = compare(decimal(line.unrounded), unrounded) === 0 && line.rounded === rounded
      return [line.line_key, { unrounded: formatDecimal(unrounded), rounded, agrees }]
    }),
  )
  const stated = content.lines.map(({ rounded }) => roundMoney(currency, decimal(rounded), 'down'))
  const sum = formatMoney(sumMoney(assetOf(currency), stated))
  const found = await digestOf(content)
  return {
    lines,
    wrong_lines: [...lines.values()].filter(({ agrees }) => !agrees).length,
    sum,
    total_agrees: sum === total,
    digest: found,
    digest_agrees: found === undefined ? undefined : found === digest,
  }
}

/** Browsers compute digests only on addresses that nobody on the way can change. */
async function digestOf(content: Statement['content']): Promise<string | undefined> {
  if (globalThis.crypto?.subtle === undefined) return undefined
  return sha256(canonicalJson(content))
}

/** The same for a command line, without this service: it prints the digest of statement.json. */
export const SCRIPT = `// node check.mjs: prints the digest of statement.json
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
const canonical = (value) =>
  Array.isArray(value) ? \`[\${value.map(canonical).join(',')}]\`
  : value !== null && typeof value === 'object'
    ? \`{\${Object.keys(value).sort().map((key) => \`\${JSON.stringify(key)}:\${canonical(value[key])}\`).join(',')}}\`
    : JSON.stringify(value)
const content = JSON.parse(readFileSync('statement.json', 'utf8'))
console.log(createHash('sha256').update(canonical(content)).digest('hex'))
`
